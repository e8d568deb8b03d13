import { headerValue, isTemporary, parseRetryAfter, type Exchange, type HttpResponse } from '../index.ts';
import type { RequestSpec } from './request-spec.ts';

// All decisions about retries of requests to the target. The client retries:
// - 429: after Retry-After, unless the request tests the limiter
// - errors of a gateway, and 408: after a short pause, unless the request expects a server error
// - a rejected token: once, with a new token
// - a connection that broke before a response: once, over a new connection
// k6 retries nothing: every request of a load counts. A single gateway error under load is tolerated; see
// load/analysis/statuses.ts.

const MAX_SENDS_ON_429 = 4;
const MAX_SENDS_ON_GATEWAY_ERROR = 3;
const MAX_WAIT_S = 30;
const GATEWAY_PAUSE_MS = 200;
/** Avoids a request in the last moment of the blocked period. */
const MARGIN_MS = 20;

/** Other requests that test authorization expect success or 404, so they need a token that is accepted. */
const EXPECT_REJECTED_TOKEN: readonly string[] = ['unauthorized', 'forbidden'];
const TESTS_LIMITER: readonly string[] = ['limited', 'accept-or-limited'];

/**
 * Milliseconds to wait before a request is sent again.
 * @param sends how often it was sent
 * @returns undefined if the answer is final
 */
export function pauseBeforeRetry(
  answer: Exchange['answer'],
  sends: number,
  { intent }: RequestSpec,
): number | undefined {
  if (answer.kind !== 'response') return undefined;
  if (answer.status === 429 && !TESTS_LIMITER.includes(intent.expectation)) {
    return sends < MAX_SENDS_ON_429 ? retryAfterMs(answer) : undefined;
  }
  if (!isTemporary(answer.status) || intent.expectation === 'failing') return undefined;
  return sends < MAX_SENDS_ON_GATEWAY_ERROR ? GATEWAY_PAUSE_MS * sends : undefined;
}

function retryAfterMs({ headers }: HttpResponse): number {
  const value = headerValue(headers, 'retry-after') ?? '';
  const seconds = parseRetryAfter(value, headerValue(headers, 'date'))?.seconds ?? 1;
  return Math.min(Math.max(seconds, 0), MAX_WAIT_S) * 1000 + MARGIN_MS;
}

/** Whether a valid token was rejected by a request that does not expect it. It is retried with a new token. */
export function isTokenRejected(answer: Exchange['answer'], { authorization, intent }: RequestSpec): boolean {
  const isUnexpected = authorization.kind === 'token' && !EXPECT_REJECTED_TOKEN.includes(intent.expectation);
  return isUnexpected && answer.kind === 'response' && answer.status === 401;
}

/** Whether the connection broke before a response. The server may have closed an idle connection at that moment. */
export function isConnectionBroken(answer: Exchange['answer']): boolean {
  return answer.kind === 'failure' && answer.reason === 'reset';
}
