import type { Body, HeaderLine, RequestIntent } from '../index.ts';

/** How a request authenticates. It contains the name of a caller, never a token. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly of: string }
  | { readonly kind: 'mutated'; readonly of: string; readonly mutation: TokenMutation }
  | { readonly kind: 'literal'; readonly value: string };

/** How the valid token of a caller is changed. */
export type TokenMutation = 'lower-case-scheme' | 'other-scheme' | 'tampered' | 'unsigned' | 'in-query';

/** Bytes as JSON data: text if they are UTF-8, otherwise base64. */
export type RequestBody = { readonly text: string } | { readonly base64: string };

/** One request to send, as plain JSON data that can be stored, shown and sent again. */
export interface RequestSpec {
  readonly method: string;
  /** Path with query below the base URL. It is sent exactly as written. */
  readonly path: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: RequestBody;
  readonly authorization: Authorization;
  readonly intent: Omit<RequestIntent, 'isManagedClientKnown'>;
}

export function bytesOf(body: RequestBody | undefined): Uint8Array | undefined {
  if (body === undefined) return undefined;
  return 'text' in body ? Buffer.from(body.text, 'utf8') : Buffer.from(body.base64, 'base64');
}

export function requestBody(bytes: Uint8Array): RequestBody {
  const text = Buffer.from(bytes).toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return isText ? { text } : { base64: Buffer.from(bytes).toString('base64') };
}

export function exchangeBody(body: RequestBody | undefined): Body {
  if (body === undefined) return { kind: 'none' };
  return 'text' in body
    ? { kind: 'text', text: body.text }
    : { kind: 'bytes', bytes: Buffer.from(body.base64, 'base64') };
}
