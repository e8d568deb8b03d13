import { formatQuota, violation, type Quota, type Remark } from '../../core/index.ts';
import { forgedCount, notFoundCount } from '../scripts/nightly-plan.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { countBefore, isBucket, isSuspicious, type Count, type Measurement } from './threshold.ts';

/** Requests by which a count may be off. */
const SLACK = 0.04;

interface Charges {
  readonly notFound: boolean;
  readonly forged: boolean;
}

const charges: readonly Charges[] = [false, true].flatMap((forged) =>
  [false, true].map((notFound) => ({ notFound, forged })),
);

/** What one burst shows of the requests in its middle that are not served. */
export interface Shown {
  /** What they cost; undefined where the counts fit nothing. */
  readonly charges: Charges | undefined;
  readonly accepted: number;
  /** The burst got more than there is: they were what made the limiter forget, or a window ended in its middle. */
  readonly isOver: boolean;
  readonly line: TraceLine | undefined;
}

/**
 * What requests that are not served cost: the burst around them lacks it. Both kinds came in numbers of their own.
 * @param from what a burst gets when nothing comes in between; a bucket gives back more while it takes longer
 */
export function shownByBurst(lines: readonly TraceLine[], from: Count, quota: Quota): Shown {
  const { limit, windowMs } = quota;
  const own = lines.filter(({ phase }) => phase === 'charged');
  const count = countBefore(own, quota);
  const longerMs = isBucket(count.line, quota) ? count.elapsedMs - from.elapsedMs : 0;
  const lacking = from.accepted + (longerMs * limit) / windowMs - count.accepted;
  const fits = charges.find(({ notFound, forged }) => {
    const cost = (notFound ? notFoundCount(limit) : 0) + (forged ? forgedCount(limit) : 0);
    return Math.abs(lacking - cost) <= SLACK * limit;
  });
  return {
    charges: count.limited ? fits : undefined,
    accepted: count.accepted,
    isOver: count.limited && isSuspicious(count, quota),
    line: count.line,
  };
}

/** Does a burst have to be made again? A count may be off for another reason. */
export function isWorthAnother({ charges: own, isOver }: Shown): boolean {
  return isOver || own?.forged === true;
}

/**
 * A forged token costs nobody a place: whoever knows a client's id could use its quota up. And no request that is not
 * served gives places back.
 */
export function judgeCharges(shown: readonly Shown[], quota: Quota): Measurement {
  const [first] = shown;
  const known = first?.charges;
  const told = (pick: (one: Charges) => boolean): string | null =>
    known !== undefined && shown.every(({ charges: own }) => own !== undefined && pick(own) === pick(known))
      ? String(pick(known))
      : null;
  // What is not as it should be has to show twice.
  const isTold = known?.forged === false || shown.length > 1;
  const forgedCounts = isTold ? told(({ forged }) => forged) : null;
  const measured = { notFoundCounts: told(({ notFound }) => notFound), forgedCounts };
  const remarks = [
    ...(forgedCounts === 'true' ? [violation('rate-limit.key.forged-token', { details: {} })] : []),
    ...judgeForgetting(shown, quota),
  ];
  return { remarks, measured, ...(remarks.length > 0 && first?.line && { line: first.line }) };
}

function judgeForgetting(shown: readonly Shown[], quota: Quota): Remark[] {
  if (shown.length < 2 || shown.some(({ isOver }) => !isOver)) return [];
  const accepted = Math.min(...shown.map((one) => one.accepted));
  const details = { accepted, quota: formatQuota(quota), phase: 'charged' };
  return [violation('rate-limit.threshold.high', { site: 'charged', details })];
}
