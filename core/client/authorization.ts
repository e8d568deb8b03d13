import type { Authorization, RequestSpec, TokenMutation } from './request-spec.ts';

/** The caller whose token a request needs, undefined if it needs none. */
export function callerOf(authorization: Authorization): string | undefined {
  return authorization.kind === 'token' || authorization.kind === 'mutated' ? authorization.of : undefined;
}

/** Applies the mutation of a request to the token of its caller. */
export function mutateToken(authorization: Authorization, token: string): string {
  if (authorization.kind !== 'mutated') return token;
  if (authorization.mutation === 'tampered') return tampered(token);
  return authorization.mutation === 'unsigned' ? unsigned(token) : token;
}

/** The name of the token in placeholders, such as `user` or `tampered user`. */
export function tokenName(authorization: Authorization): string {
  if (authorization.kind === 'token') return authorization.of;
  if (authorization.kind !== 'mutated') return 'no';
  const { of, mutation } = authorization;
  return mutation === 'tampered' || mutation === 'unsigned' ? `${mutation} ${of}` : of;
}

/** The parts of a request that depend on its authorization. */
export interface AuthorizedRequest {
  /** Value of the Authorization header. */
  readonly header?: string;
  readonly path: string;
}

/**
 * Inserts a token into a request, or a placeholder into its description.
 * @param encode encodes the token for a query; the identity for placeholders
 */
export function authorize(
  { authorization, path }: RequestSpec,
  token: string,
  encode: (text: string) => string,
): AuthorizedRequest {
  switch (authorization.kind) {
    case 'none':
      return { path };
    case 'literal':
      return { path, header: authorization.value };
    case 'token':
      return { path, header: `Bearer ${token}` };
    case 'mutated':
      return authorization.mutation === 'in-query'
        ? { path: `${path}${path.includes('?') ? '&' : '?'}access_token=${encode(token)}` }
        : { path, header: `${schemes[authorization.mutation]} ${token}` };
  }
}

const schemes: Record<Exclude<TokenMutation, 'in-query'>, string> = {
  'lower-case-scheme': 'bearer',
  'other-scheme': 'Basic',
  tampered: 'Bearer',
  unsigned: 'Bearer',
};

/** Changes the signature of a token. Only the last but one character changes, so that the token stays well-formed. */
export function tampered(token: string): string {
  const replacement = token.at(-2) === 'A' ? 'B' : 'A';
  return `${token.slice(0, -2)}${replacement}${token.at(-1) ?? ''}`;
}

/** The claims of a token with `alg: none` and without a signature (RFC 7519 §6). */
function unsigned(token: string): string {
  const [, claims = token] = token.split('.');
  return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`;
}
