import { retryDelayOf } from '../../scripts/requests/retry-delay.ts';
import { countsForQuota } from '../../scripts/limiter/partition-keys.ts';
import { isThrottled, type LimiterExchange, type LoadExchange } from '../../scripts/trace.ts';

/** The time until which a 429 tells the caller to wait. Times are milliseconds since the epoch on the clock of the sender. */
export interface RetryDeadline {
  /** The wait starts between sending and receiving, so the deadline lies between `from` and `until`. */
  readonly from: number;
  readonly until: number;
  readonly seconds: number;
  readonly exchange: LimiterExchange;
  readonly isDate: boolean;
}

/** @returns undefined without a Retry-After that a client can use */
export function retryDeadlineOf(exchange: LimiterExchange): RetryDeadline | undefined {
  const delay = isThrottled(exchange) ? retryDelayOf(exchange) : undefined;
  if (delay === undefined || delay.ms <= 0) return undefined;
  return {
    from: exchange.sentAt + delay.ms - delay.errorMs,
    until: exchange.receivedAt + delay.ms + delay.errorMs,
    seconds: delay.ms / 1000,
    exchange,
    isDate: delay.isDate,
  };
}

export function retryDeadlinesOf(exchanges: readonly LimiterExchange[]): RetryDeadline[] {
  return exchanges.flatMap((exchange) => retryDeadlineOf(exchange) ?? []);
}

/**
 * The rejections whose deadlines are active: no request was allowed since, and no other response leaves that open. If
 * requests overtook each other, all rejections.
 */
export function activeRejections(exchanges: readonly LoadExchange[]): LoadExchange[] {
  const own = exchanges.filter(countsForQuota);
  const others = own.filter((one) => !isThrottled(one));
  const rejections = own.filter(isThrottled);
  const lastOther = Math.max(...others.map(({ receivedAt }) => receivedAt));
  const since = rejections.filter(({ sentAt }) => sentAt >= lastOther);
  if (since.length > 0) return since;
  const lastRejection = Math.max(...rejections.map(({ receivedAt }) => receivedAt));
  const isOver = others.some(({ sentAt }) => sentAt > lastRejection);
  return isOver ? [] : rejections;
}

/**
 * The deadline that a client follows: that of its last rejection. If several requests were sent concurrently, their order is
 * unknown, and the latest deadline counts.
 */
export function latestDeadline(exchanges: readonly LimiterExchange[]): RetryDeadline | undefined {
  const deadlines = retryDeadlinesOf(exchanges);
  const lastSent = Math.max(...deadlines.map(({ exchange }) => exchange.sentAt));
  const concurrent = deadlines.filter(({ exchange }) => exchange.receivedAt >= lastSent);
  return concurrent.toSorted((a, b) => b.until - a.until)[0];
}
