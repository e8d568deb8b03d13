import type { Quota } from '../../core/index.ts';
import { median, percentile } from '../analysis/statistics.ts';
import { isAllowed, type LimiterExchange } from '../scripts/trace.ts';

/** A limiter that delays requests. */
export interface Queue {
  /** The rate at which delayed requests proceed. */
  readonly requestsPerSecond: number;
  readonly maxWaitMs: number;
}

/** In a queue each request waits longer than the previous one, by about the time per request. This is a share of it. */
const MIN_SLOPE_SHARE = 0.3;
/** The last requests wait this many times longer than the first ones. Otherwise the service is just slow. */
const MIN_GROWTH = 5;
/** The rate of the queue, as a share of the documented rate. At other rates the service is the bottleneck. */
const RATE_SHARE = [0.7, 1.3] as const;
const MIN_REQUESTS = 10;
const FIRST_REQUESTS = 5;

/**
 * Detects a limiter that delays requests instead of throttling them.
 * @param cycle the first cycle, which starts with a burst
 */
export function detectQueue(
  cycle: readonly LimiterExchange[],
  { limit, windowMs }: Quota,
): Queue | undefined {
  const allowed = cycle
    .filter((one) => one.step === 'burst' && isAllowed(one))
    .toSorted((a, b) => a.sentAt - b.sentAt);
  if (allowed.length < MIN_REQUESTS) return undefined;
  const durations = allowed.map(({ sentAt, receivedAt }) => receivedAt - sentAt);
  const first = median(durations.slice(0, FIRST_REQUESTS));
  const isSteep = slopeOf(durations) > (MIN_SLOPE_SHARE * windowMs) / limit;
  if (!isSteep || percentile(durations, 0.95) < MIN_GROWTH * first) return undefined;
  const received = allowed.map(({ receivedAt }) => receivedAt);
  const requestsPerMs = (allowed.length - 1) / (Math.max(...received) - Math.min(...received));
  const share = (requestsPerMs * windowMs) / limit;
  if (share < RATE_SHARE[0] || share > RATE_SHARE[1]) return undefined;
  return { requestsPerSecond: 1000 * requestsPerMs, maxWaitMs: Math.max(...durations) };
}

/** The mean difference of consecutive values, by least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [covariance, variance] = [0, 0];
  for (const [index, value] of values.entries()) {
    covariance += (index - middle) * (value - mean);
    variance += (index - middle) ** 2;
  }
  return covariance / variance;
}
