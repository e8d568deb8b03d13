import { RECEDING_TOLERANCE_MS } from '../../timing.ts';
import { violation, type Quota } from '../../../core/index.ts';
import { countsForQuota } from '../../scripts/limiter/partition-keys.ts';
import { isThrottled, type LoadExchange } from '../../scripts/trace.ts';
import type { Measurement } from '../measurement.ts';
import { retryDeadlineOf, type RetryDeadline } from './retry-deadline.ts';

/**
 * Judges whether Retry-After counts down while the quota is exhausted. A limiter that counts rejections starts again with
 * each of them, and may weight them in the next window as well. More than two windows is a wait that grows for callers
 * that send requests. A wait that was as long from the start did not grow.
 */
export function judgeReceding(exchanges: readonly LoadExchange[], { windowMs }: Quota): Measurement {
  const maxWaitMs = 2 * windowMs + RECEDING_TOLERANCE_MS;
  let first: RetryDeadline | undefined;
  for (const exchange of exchanges.filter(countsForQuota).toSorted((a, b) => a.sentAt - b.sentAt)) {
    if (!isThrottled(exchange)) first = undefined;
    const deadline = retryDeadlineOf(exchange);
    if (deadline === undefined) continue;
    first ??= deadline;
    const isLater = deadline.from > first.until + RECEDING_TOLERANCE_MS;
    if (isLater && first.seconds * 1000 <= maxWaitMs && deadline.seconds * 1000 > maxWaitMs) {
      const details = { first: first.seconds, later: deadline.seconds };
      return { results: [violation('rate-limit.retry-after.receding', { details })], measured: {}, exchange };
    }
  }
  return { results: [], measured: {} };
}
