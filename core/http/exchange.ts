/** One header line as it stood on the wire: name as spelled, value trimmed. */
export type HeaderLine = readonly [name: string, value: string];

/**
 * A message body as far as the engine gave it. `text` was decoded by the engine,
 * which may have replaced bytes that are no UTF-8 (k6 does): rules that need the bytes must say so.
 */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string };

export interface HttpRequest {
  readonly method: string;
  /** Absolute, as sent: never normalised, for dot segments and bad percent-encoding are cells. */
  readonly url: string;
  /** Without secrets: a token stands as `<user token>`. */
  readonly headers: readonly HeaderLine[];
  readonly body: Body;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** `joined`: the engine merged repeated lines into one value with commas (k6, fetch). */
  readonly headerLines: 'separate' | 'joined';
  readonly body: Body;
}

/**
 * Why no response came. `refused`: nothing listens. `reset`: the connection broke. `timeout`: nothing in time.
 * `malformed`: what came is no HTTP, or its coding is broken. `cut`: the body ended early.
 */
export type FailureReason = 'refused' | 'reset' | 'timeout' | 'malformed' | 'cut';

export interface HttpFailure {
  readonly kind: 'failure';
  readonly reason: FailureReason;
  readonly detail: string;
}

/** A request and what came back. Times are milliseconds since the epoch, on the sender's clock. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly answer: HttpResponse | HttpFailure;
  readonly sentAt: number;
  readonly receivedAt: number;
}
