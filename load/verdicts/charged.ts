import { violation, type Quota } from '../../contracts/index.ts';
import { forgedCount, notFoundCount } from '../k6/nightly-plan.ts';
import type { TraceLine } from '../k6/trace.ts';
import { countBefore, type Measurement } from './threshold.ts';

/** Requests by which a count may be off. */
const SLACK = 0.04;

interface Charges {
  readonly notFound: boolean;
  readonly forged: boolean;
}

const charges: readonly Charges[] = [false, true].flatMap((forged) =>
  [false, true].map((notFound) => ({ notFound, forged })),
);

/**
 * What requests that are not served cost: the burst after them lacks it. Both kinds came in numbers of their own.
 * @param accepted how many a burst of the same shape gets when nothing came before it
 * @returns undefined where the counts fit nothing
 */
export function chargesOf(
  lines: readonly TraceLine[],
  accepted: number,
  quota: Quota,
): (Charges & { readonly line: TraceLine | undefined }) | undefined {
  const { limit } = quota;
  const count = countBefore(
    lines.filter(({ phase }) => phase === 'charged'),
    quota,
  );
  const lacking = accepted - count.accepted;
  const fits = charges.find(({ notFound, forged }) => {
    const cost = (notFound ? notFoundCount(limit) : 0) + (forged ? forgedCount(limit) : 0);
    return Math.abs(lacking - cost) <= SLACK * limit;
  });
  return fits === undefined || !count.limited ? undefined : { ...fits, line: count.line };
}

/** A forged token costs nobody a place: whoever knows a client's id could use its quota up. */
export function judgeCharges(seen: readonly ReturnType<typeof chargesOf>[]): Measurement {
  const [first] = seen;
  const told = (pick: (one: Charges) => boolean): string | null =>
    first !== undefined && seen.every((one) => one !== undefined && pick(one) === pick(first))
      ? String(pick(first))
      : null;
  const forgedCounts = told(({ forged }) => forged);
  const measured = { notFoundCounts: told(({ notFound }) => notFound), forgedCounts };
  if (forgedCounts !== 'true') return { remarks: [], measured };
  const remarks = [violation('rate-limit.key.forged-token', { details: {} })];
  return { remarks, measured, ...(first?.line && { line: first.line }) };
}
