import type { Asked, Body, HeaderLine } from '../index.ts';

/**
 * How a step shows who it is. Names only: the sender knows the tokens.
 * `bent` spoils the valid token of a caller in a named way.
 */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly of: string }
  | { readonly kind: 'bent'; readonly of: string; readonly how: BentToken }
  | { readonly kind: 'literal'; readonly value: string };

export type BentToken = 'lower-case-scheme' | 'other-scheme' | 'tampered' | 'unsigned' | 'in-query';

/** Bytes as JSON data: text where they are UTF-8, else base64. */
export type StepBody = { readonly text: string } | { readonly base64: string };

/** One request before it is sent, as plain JSON data: it can be stored, shown and sent again. */
export interface Step {
  readonly method: string;
  /** Path with query, below the base URL, sent exactly as written. */
  readonly path: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: StepBody;
  readonly authorization: Authorization;
  readonly asked: Omit<Asked, 'clientKnown'>;
}

export function bytesOf(body: StepBody | undefined): Uint8Array | undefined {
  if (body === undefined) return undefined;
  return 'text' in body ? Buffer.from(body.text, 'utf8') : Buffer.from(body.base64, 'base64');
}

export function stepBody(bytes: Uint8Array): StepBody {
  const text = Buffer.from(bytes).toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return isText ? { text } : { base64: Buffer.from(bytes).toString('base64') };
}

export function exchangeBody(body: StepBody | undefined): Body {
  if (body === undefined) return { kind: 'none' };
  return 'text' in body
    ? { kind: 'text', text: body.text }
    : { kind: 'bytes', bytes: Buffer.from(body.base64, 'base64') };
}
