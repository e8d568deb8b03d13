import type { CheckResult, Exchange, HeaderLine, OperationId } from '../../core/index.ts';

/**
 * An exchange as limiter experiments use it. Times are milliseconds since the epoch on the clock of the sender; the limiter
 * decided between them.
 */
export interface LimiterExchange {
  /** The purpose of the request within its scenario. */
  readonly step: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly date: string | null;
  /** k6 opened a connection for the request. */
  readonly isNewConnection?: true;
}

/** An exchange of a load scenario. k6 writes each as one line of JSON. */
export interface LoadExchange extends LimiterExchange {
  readonly method: string;
  /** Undefined if the request is not an operation of the API. */
  readonly operation?: OperationId;
  /** From the first byte sent to the last byte received. */
  readonly durationMs: number;
  /** Rate limit headers of the response. */
  readonly quotaHeaders?: readonly HeaderLine[];
  /** The write id of a write, or that of a read after a recovery. */
  readonly writeId?: string;
  readonly results: readonly CheckResult[];
  /** Present if a check did not pass, and for the first exchange of each step and status. */
  readonly exchange?: Exchange;
}

/** The step of reads that return what was stored. */
export const READ_BACK = 'read-back';

/** The first line of a runner in a cluster. */
export interface TraceStart {
  readonly start: string;
  readonly baseUrl: string;
  readonly managedClient: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly run: string;
  readonly runners: number;
}

/** The last line of a scenario. */
export interface TraceEnd {
  readonly end: string;
  /** A random number, which distinguishes processes. */
  readonly process: number;
}

export function isAllowed({ status }: Pick<LimiterExchange, 'status'>): boolean {
  return status === 200;
}

export function isThrottled({ status }: Pick<LimiterExchange, 'status'>): boolean {
  return status === 429;
}

/** Whether a response shows the decision of the limiter. Other statuses may come from in front of it. */
export function isDecision(exchange: Pick<LimiterExchange, 'status'>): boolean {
  return isAllowed(exchange) || isThrottled(exchange);
}
