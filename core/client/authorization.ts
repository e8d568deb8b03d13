import type { Authorization, BentToken, Step } from './request-spec.ts';

/** What goes on the wire for an authorization: a header value and, where a cell wants it, another path. */
export interface Shown {
  readonly header?: string;
  readonly path: string;
}

/** The token that a step shows: the caller's own, or a spoilt form of it. */
export function formOf(authorization: Authorization, token: string): string {
  if (authorization.kind !== 'bent') return token;
  if (authorization.how === 'tampered') return tampered(token);
  return authorization.how === 'unsigned' ? unsigned(token) : token;
}

/** What people call the token that a step shows. */
export function nameOf(authorization: Authorization): string {
  if (authorization.kind === 'token') return authorization.of;
  if (authorization.kind !== 'bent') return 'no';
  const { of, how } = authorization;
  return how === 'tampered' || how === 'unsigned' ? `${how} ${of}` : of;
}

/**
 * Puts a token, or a placeholder for it, where a step wants it: the same code for what is sent and what is shown.
 * @param encode how it is written into a query; a placeholder stays as it is
 */
export function show({ authorization, path }: Step, token: string, encode: (text: string) => string): Shown {
  switch (authorization.kind) {
    case 'none':
      return { path };
    case 'literal':
      return { path, header: authorization.value };
    case 'token':
      return { path, header: `Bearer ${token}` };
    case 'bent':
      return authorization.how === 'in-query'
        ? { path: `${path}${path.includes('?') ? '&' : '?'}access_token=${encode(token)}` }
        : { path, header: `${schemes[authorization.how]} ${token}` };
  }
}

const schemes: Record<Exclude<BentToken, 'in-query'>, string> = {
  'lower-case-scheme': 'bearer',
  'other-scheme': 'Basic',
  tampered: 'Bearer',
  unsigned: 'Bearer',
};

/** Another signature under the same claims; a token that is no JWT gets another last character. */
export function tampered(token: string): string {
  const last = token.at(-2) === 'A' ? 'B' : 'A';
  return `${token.slice(0, -2)}${last}${token.at(-1) ?? ''}`;
}

/** The claims of a token under `alg: none`, without a signature (RFC 7519 §6). */
function unsigned(token: string): string {
  const [, claims = token] = token.split('.');
  return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`;
}

/** The caller whose token a step needs, undefined if it needs none. */
export function callerOf(authorization: Authorization): string | undefined {
  return authorization.kind === 'token' || authorization.kind === 'bent' ? authorization.of : undefined;
}
