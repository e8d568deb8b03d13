import { formatQuota, violation, type CheckResult, type Quota } from '../../../core/index.ts';
import type { LoadExchange } from '../../scripts/trace.ts';
import { forgedRequests, notFoundRequests } from '../../timing.ts';
import type { Measurement } from '../measurement.ts';
import { countBurst, isAboveLimit, isBucket, type BurstCount } from './threshold.ts';

/** The largest error of a count, as a share of the limit. */
const TOLERANCE = 0.04;

/** Which requests without a 200 count for the quota. */
interface Hypothesis {
  readonly notFoundCounts: boolean;
  readonly forgedCounts: boolean;
}

const hypotheses: readonly Hypothesis[] = [false, true].flatMap((forgedCounts) =>
  [false, true].map((notFoundCounts) => ({ notFoundCounts, forgedCounts })),
);

/** The result of a burst with requests in the middle that are answered 401 and 404. */
export interface UnservedResult {
  /** Undefined if the count matches no hypothesis. */
  readonly hypothesis: Hypothesis | undefined;
  readonly allowed: number;
  /** The burst was allowed more than the limit: those requests reset the limiter, or a window ended during the burst. */
  readonly isAboveLimit: boolean;
  readonly exchange: LoadExchange | undefined;
}

/**
 * Compares the count of a burst with the usual count. Both kinds of requests have different numbers.
 * @param usual the count of a burst without such requests
 */
export function evaluateUnserved(
  exchanges: readonly LoadExchange[],
  usual: BurstCount,
  quota: Quota,
): UnservedResult {
  const { limit, windowMs } = quota;
  const count = countBurst(
    exchanges.filter(({ step }) => step === 'unserved-cost'),
    quota,
  );
  // A bucket refills more while the burst takes longer.
  const longerMs = isBucket(count.rejection, quota) ? count.elapsedMs - usual.elapsedMs : 0;
  const missing = usual.allowed + (longerMs * limit) / windowMs - count.allowed;
  const matching = hypotheses.find(({ notFoundCounts, forgedCounts }) => {
    const cost = (notFoundCounts ? notFoundRequests(limit) : 0) + (forgedCounts ? forgedRequests(limit) : 0);
    return Math.abs(missing - cost) <= TOLERANCE * limit;
  });
  return {
    hypothesis: count.isThrottled ? matching : undefined,
    allowed: count.allowed,
    isAboveLimit: count.isThrottled && isAboveLimit(count, quota),
    exchange: count.rejection,
  };
}

/** Whether the burst must be repeated, because a single count may have another cause. */
export function needsRepetition({ hypothesis, isAboveLimit: isAbove }: UnservedResult): boolean {
  return isAbove || hypothesis?.forgedCounts === true;
}

/**
 * Requests with a forged token must not count, because anybody could exhaust the quota of a client. Requests that are
 * not served must not reset the limiter.
 */
export function judgeUnserved(unserved: readonly UnservedResult[], quota: Quota): Measurement {
  const [first] = unserved;
  const known = first?.hypothesis;
  const agreed = (name: keyof Hypothesis): string | null =>
    known !== undefined && unserved.every(({ hypothesis }) => hypothesis?.[name] === known[name])
      ? String(known[name])
      : null;
  // An undocumented result must occur twice.
  const isConfirmed = known?.forgedCounts === false || unserved.length > 1;
  const forgedCounts = isConfirmed ? agreed('forgedCounts') : null;
  const measured = { notFoundCounts: agreed('notFoundCounts'), forgedCounts };
  const results = [
    ...(forgedCounts === 'true' ? [violation('rate-limit.key.forged-token')] : []),
    ...judgeReset(unserved, quota),
  ];
  return { results, measured, ...(results.length > 0 && first?.exchange && { exchange: first.exchange }) };
}

function judgeReset(unserved: readonly UnservedResult[], quota: Quota): CheckResult[] {
  if (unserved.length < 2 || unserved.some((one) => !one.isAboveLimit)) return [];
  const accepted = Math.min(...unserved.map(({ allowed }) => allowed));
  const details = { accepted, quota: formatQuota(quota), scenario: 'unserved-cost' };
  return [violation('rate-limit.threshold.high', { site: 'unserved-cost', details })];
}
