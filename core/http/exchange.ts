/** One header line: the name as spelled on the wire, the value trimmed. */
export type HeaderLine = readonly [name: string, value: string];

/**
 * A message body as far as the HTTP client provides it. `text` was decoded by the client, which may have replaced
 * bytes that are not UTF-8 (k6 does). Rules that need the bytes must say so.
 */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string };

export interface HttpRequest {
  readonly method: string;
  /** Absolute URL as sent. It is never normalized, because dot segments and bad percent-encoding are mutations. */
  readonly url: string;
  /** Secrets are replaced by placeholders such as `<user token>`. */
  readonly headers: readonly HeaderLine[];
  readonly body: Body;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** `joined`: the client merged repeated header lines into one value with commas (k6, fetch). */
  readonly headerLines: 'separate' | 'joined';
  readonly body: Body;
}

/**
 * Why there is no response. `refused`: no connection. `reset`: the connection broke. `timeout`: no response in time.
 * `malformed`: the bytes are not HTTP, or their content coding is broken. `cut`: the body ended early. `oversized`: the
 * response exceeds a limit and was not read further.
 */
export type FailureReason = 'refused' | 'reset' | 'timeout' | 'malformed' | 'cut' | 'oversized';

export interface HttpFailure {
  readonly kind: 'failure';
  readonly reason: FailureReason;
  readonly detail: string;
}

/** A request and its response. Times are milliseconds since the epoch on the client's clock. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly answer: HttpResponse | HttpFailure;
  readonly sentAt: number;
  readonly receivedAt: number;
}
