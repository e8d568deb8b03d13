import {
  formatQuota,
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Quota,
} from '../../../core/index.ts';
import { isAllowed, isThrottled, type LoadExchange } from '../../scripts/trace.ts';
import { belowQuotaRequests } from '../../timing.ts';
import { maxWithin } from '../max-within.ts';
import type { Measurement } from '../measurement.ts';

/** Judges that no request below the quota is throttled, on the basis of the requests that were really sent. */
export function judgeBelowQuota(
  exchanges: readonly LoadExchange[],
  quota: Quota,
  windows: number,
): Measurement {
  const measured = { belowQuotaSent: exchanges.length };
  const planned = belowQuotaRequests(quota, windows);
  if (exchanges.length < planned) {
    const why = `${exchanges.length} of ${planned} requests were sent`;
    return { results: [inconclusiveBecause('load.pacing', { why })], measured };
  }
  const exchange = exchanges.find(isThrottled);
  if (exchange === undefined) return { results: [], measured };
  const result = judgeRejection(exchange, exchanges, { quota, scenario: 'below-quota' });
  return { results: [result], measured, exchange };
}

/** Judges a 429 below the quota. It is inconclusive if the requests were delayed and arrived together. */
export function judgeRejection(
  rejection: LoadExchange,
  exchanges: readonly LoadExchange[],
  { quota, scenario }: { readonly quota: Quota; readonly scenario: string },
): CheckResult {
  const { limit, windowMs } = quota;
  const times = exchanges.map(({ sentAt }) => sentAt);
  if (maxWithin(times, windowMs) > limit) {
    return inconclusiveBecause('load.pacing', { why: 'delayed requests exceeded the quota' });
  }
  const from = rejection.sentAt - windowMs;
  const accepted = exchanges.filter(
    (one) => isAllowed(one) && one.sentAt > from && one.sentAt <= rejection.sentAt,
  ).length;
  return violation('rate-limit.threshold.low', {
    details: { accepted, quota: formatQuota(quota), scenario },
  });
}
