import type { Authorization, BentToken, Step } from './step.ts';

/** What goes on the wire for an authorization: a header value and, where a cell wants it, another path. */
export interface Shown {
  readonly header?: string;
  readonly path: string;
}

/**
 * Writes a token the way a step wants it shown. With the real token it makes the request,
 * with a placeholder it makes what people may see: the same code, so the two cannot differ.
 */
export function show(step: Step, token: string): Shown {
  const { authorization, path } = step;
  switch (authorization.kind) {
    case 'none':
      return { path };
    case 'literal':
      return { path, header: authorization.value };
    case 'token':
      return { path, header: `Bearer ${token}` };
    case 'bent':
      return bend(authorization.how, path, token);
  }
}

function bend(how: BentToken, path: string, token: string): Shown {
  switch (how) {
    case 'lower-case-scheme':
      return { path, header: `bearer ${token}` };
    case 'other-scheme':
      return { path, header: `Basic ${token}` };
    case 'tampered':
      return { path, header: `Bearer ${tampered(token)}` };
    case 'unsigned':
      return { path, header: `Bearer ${unsigned(token)}` };
    case 'in-query':
      return { path: `${path}${path.includes('?') ? '&' : '?'}access_token=${encodeURIComponent(token)}` };
  }
}

/** Another signature under the same claims; a token that is no JWT gets another last character. */
function tampered(token: string): string {
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
