import { formatQuota, inconclusiveBecause, violation, type Quota } from '../../../core/index.ts';
import { isAllowed, isThrottled, type LimiterExchange, type LoadExchange } from '../../scripts/trace.ts';
import type { Measurement } from '../measurement.ts';
import { retryDeadlineOf } from './retry-deadline.ts';

/** A few requests above the quota are rounding. */
const TOLERANCE = 1.05;

/**
 * Judges whether 429 comes at the quota. Counts the requests that were allowed in the window before the first 429.
 * @param burst the burst and the requests shortly before it
 * @param secondBurst sent if the first burst was throttled too early or too late. A window that ends during a burst allows
 *   twice the quota, and other traffic may use the same quota; neither happens twice
 */
export function judgeThreshold(
  burst: readonly LoadExchange[],
  secondBurst: readonly LoadExchange[] | undefined,
  quota: Quota,
): Measurement {
  const first = countBurst(burst, quota);
  if (!first.isThrottled) return judgeAbsence(burst, quota);
  const shown = first.rejection && { exchange: first.rejection };
  const second = secondBurst && countBurst(secondBurst, quota);
  const smallest = second !== undefined && second.allowed < first.allowed ? second : first;
  const { allowed } = smallest;
  const measured = { limit: allowed };
  const details = { accepted: allowed, quota: formatQuota(quota), scenario: 'exceed-quota' };
  if (isBelowLimit(first, quota)) {
    const isConfirmed = second === undefined || isBelowLimit(second, quota);
    const result = isConfirmed
      ? violation('rate-limit.threshold.low', { details })
      : inconclusiveBecause('load.quota-shared');
    return { results: [result], measured, ...shown };
  }
  const isHigh = secondBurst !== undefined && isAboveLimit(smallest, quota);
  const results = isHigh ? [violation('rate-limit.threshold.high', { details })] : [];
  return { results, measured, ...shown };
}

/** The count of a burst. */
export interface BurstCount {
  /** Whether there was a 429. */
  readonly isThrottled: boolean;
  readonly allowed: number;
  /** The largest number that the limiter may have counted, including responses that do not show its decision. */
  readonly maxCounted: number;
  /** From the first allowed request of the window to the first 429. */
  readonly elapsedMs: number;
  /** The first 429. */
  readonly rejection?: LoadExchange | undefined;
}

/**
 * Counts the requests in the window that ends with the first 429. Requests overtake each other, and the limiter decided
 * between sending and receiving; the outer bounds include every request that it may have counted.
 */
export function countBurst(exchanges: readonly LoadExchange[], { windowMs }: Quota): BurstCount {
  const [rejection] = exchanges.filter(isThrottled).toSorted((a, b) => a.receivedAt - b.receivedAt);
  const [from, to] =
    rejection === undefined ? [-Infinity, Infinity] : [rejection.sentAt, rejection.receivedAt];
  const before = exchanges.filter(({ sentAt }) => sentAt <= to);
  const counted = before.filter((one) => isAllowed(one) && one.sentAt > from - windowMs);
  const elapsedMs = rejection === undefined ? 0 : to - Math.min(to, ...counted.map(({ sentAt }) => sentAt));
  return {
    isThrottled: rejection !== undefined,
    allowed: counted.length,
    maxCounted: before.filter((one) => !isThrottled(one) && one.receivedAt >= from - windowMs).length,
    elapsedMs,
    ...(rejection && { rejection }),
  };
}

/** Whether the first 429 came before the limit was reached. */
export function isBelowLimit(
  count: Pick<BurstCount, 'isThrottled' | 'maxCounted'>,
  { limit }: Quota,
): boolean {
  return count.isThrottled && count.maxCounted < limit;
}

/** Whether a burst was allowed more than the limit. */
export function isAboveLimit(
  { allowed, elapsedMs, rejection }: Pick<BurstCount, 'allowed' | 'elapsedMs' | 'rejection'>,
  quota: Quota,
): boolean {
  return allowed > maxAllowed({ elapsedMs, rejection }, quota);
}

/** The largest number of requests that a correct limiter allows in a burst. */
export function maxAllowed(
  { elapsedMs, rejection }: Pick<BurstCount, 'elapsedMs' | 'rejection'>,
  quota: Quota,
): number {
  const { limit, windowMs } = quota;
  // A bucket refills during the burst, some of them once per second.
  const refilled = isBucket(rejection, quota) ? (limit / windowMs) * (elapsedMs + SECOND_MS) : 0;
  return limit * TOLERANCE + refilled;
}

export const SECOND_MS = 1000;

/**
 * Whether a limiter may be a bucket: it announces the next permit, while a window announces its end. Without Retry-After it
 * may be either.
 */
export function isBucket(rejection: LimiterExchange | undefined, { limit, windowMs }: Quota): boolean {
  const deadline = rejection && retryDeadlineOf(rejection);
  if (deadline === undefined) return true;
  // A date and the Date header are both rounded to seconds.
  const rounding = deadline.isDate ? 2 * SECOND_MS : SECOND_MS;
  return deadline.seconds * SECOND_MS <= windowMs / limit + rounding;
}

function judgeAbsence(exchanges: readonly LoadExchange[], quota: Quota): Measurement {
  const times = exchanges.map(({ sentAt }) => sentAt);
  const elapsedMs = Math.max(...times) - Math.min(...times);
  const allowed = exchanges.filter(isAllowed).length;
  const measured = { limit: null };
  const inconclusive = (why: string): Measurement => ({
    results: [inconclusiveBecause('load.pacing', { why })],
    measured,
  });
  if (allowed === 0 && exchanges.every(({ status }) => status === 0)) {
    return inconclusive('there was no response');
  }
  if (elapsedMs > quota.windowMs) return inconclusive('the burst lasted longer than the window');
  if (allowed < Math.min(quota.limit, exchanges.length)) {
    return inconclusive('the service accepted fewer requests than the quota');
  }
  const details = {
    accepted: allowed,
    sent: exchanges.length,
    elapsed: elapsedMs / 1000,
    quota: formatQuota(quota),
  };
  const exchange = exchanges.find(isAllowed);
  return {
    results: [violation('rate-limit.threshold.absent', { details })],
    measured,
    ...(exchange && { exchange }),
  };
}
