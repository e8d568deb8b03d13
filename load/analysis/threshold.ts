import { doubt, formatQuota, violation, type Measured, type Quota, type Remark } from '../../core/index.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { promiseOf, type Refusal } from './promise.ts';

export interface Measurement {
  readonly remarks: readonly Remark[];
  readonly measured: Measured;
  /** The exchange that shows it best. */
  readonly line?: TraceLine;
}

/** A few requests above the quota are rounding: a token bucket refills while the burst lasts. */
const TOLERANCE = 1.05;

export function isAccepted({ status }: TraceLine): boolean {
  return status === 200;
}

/**
 * Does 429 come, and at the promised number? Counts what was accepted in the window before the first 429.
 * @param burst the burst, and what was sent shortly before it
 * @param confirmed a second burst that was made because the first let too many or too few through: a window that ends in
 *   the middle of one burst lets through twice the quota, and others who use it leave less; neither does so for ever
 */
export function judgeThreshold(
  burst: readonly TraceLine[],
  confirmed: readonly TraceLine[] | undefined,
  quota: Quota,
): Measurement {
  const first = countBefore(burst, quota);
  if (!first.limited) return judgeAbsence(burst, quota);
  const shown = first.line && { line: first.line };
  const second = confirmed && countBefore(confirmed, quota);
  const least = second !== undefined && second.accepted < first.accepted ? second : first;
  const { accepted } = least;
  const measured = { limit: accepted };
  const details = { accepted, quota: formatQuota(quota), phase: 'over' };
  if (isLow(first, quota) && (second === undefined || isLow(second, quota)))
    return { remarks: [violation('rate-limit.threshold.low', { details })], measured, ...shown };
  if (isLow(first, quota)) return { remarks: [doubt('load.quota-shared', {})], measured, ...shown };
  const isHigh = confirmed !== undefined && isSuspicious(least, quota);
  const remarks = isHigh ? [violation('rate-limit.threshold.high', { details })] : [];
  return { remarks, measured, ...shown };
}

/** Did a burst meet a 429 too early? */
export function isLow({ limited, possible }: Pick<Count, 'limited' | 'possible'>, { limit }: Quota): boolean {
  return limited && possible < limit;
}

/** Did a burst let so many through that a second one has to tell? */
export function isSuspicious(
  { accepted, elapsedMs, line }: Pick<Count, 'accepted' | 'elapsedMs' | 'line'>,
  quota: Quota,
): boolean {
  return accepted > mostSound({ elapsedMs, line }, quota);
}

/** The most requests that a sound limiter lets through in a burst of so many milliseconds. */
export function mostSound({ elapsedMs, line }: Pick<Count, 'elapsedMs' | 'line'>, quota: Quota): number {
  const { limit, windowMs } = quota;
  const perMs = limit / windowMs;
  // A bucket gives back while the burst lasts, and so much at once where its clock has whole seconds.
  const givenBack = isBucket(line, quota) ? perMs * (elapsedMs + SECOND_MS) : 0;
  return limit * TOLERANCE + givenBack;
}

export const SECOND_MS = 1000;

/** A bucket promises the next place, a window its own end. What promises nothing may be either. */
export function isBucket(refused: Refusal | undefined, { limit, windowMs }: Quota): boolean {
  const promised = refused && promiseOf(refused);
  if (promised === undefined) return true;
  // A date and the one that it counts from are both cut to seconds.
  const rounding = promised.isDate ? 2 * SECOND_MS : SECOND_MS;
  return promised.seconds * SECOND_MS <= windowMs / limit + rounding;
}

export interface Count {
  readonly limited: boolean;
  readonly accepted: number;
  /** What may have counted at most: answers that do not say whether the limiter let them pass, and those at the edge. */
  readonly possible: number;
  /** From the first accepted request of the window to the first 429. */
  readonly elapsedMs: number;
  readonly line?: TraceLine | undefined;
}

/**
 * Accepted requests in the window that ends with the first 429. Requests overtake each other on their way, and the
 * decision on each fell somewhere between sending and receiving: by the outer bounds nothing that counted is missed.
 */
export function countBefore(lines: readonly TraceLine[], { windowMs }: Quota): Count {
  const refused = lines.filter(({ status }) => status === 429);
  const [line] = refused.toSorted((a, b) => a.receivedAt - b.receivedAt);
  const decided = line === undefined ? [-Infinity, Infinity] : [line.sentAt, line.receivedAt];
  const [from = 0, to = 0] = decided;
  const before = lines.filter(({ sentAt }) => sentAt <= to);
  const counted = before.filter((one) => isAccepted(one) && one.sentAt > from - windowMs);
  const accepted = counted.length;
  const elapsedMs = line === undefined ? 0 : to - Math.min(to, ...counted.map(({ sentAt }) => sentAt));
  const possible = before.filter((one) => one.status !== 429 && one.receivedAt >= from - windowMs).length;
  const counts = { limited: line !== undefined, accepted, possible, elapsedMs };
  return line === undefined ? counts : { ...counts, line };
}

function judgeAbsence(lines: readonly TraceLine[], quota: Quota): Measurement {
  const times = lines.map(({ sentAt }) => sentAt);
  const elapsedMs = Math.max(...times) - Math.min(...times);
  const accepted = lines.filter(isAccepted).length;
  const measured = { limit: null };
  if (accepted === 0 && lines.every(({ status }) => status === 0)) {
    return { remarks: [doubt('load.pacing', { why: 'nothing was answered' })], measured };
  }
  if (elapsedMs > quota.windowMs) {
    return { remarks: [doubt('load.pacing', { why: 'the burst lasted longer than the window' })], measured };
  }
  if (accepted < Math.min(quota.limit, lines.length)) {
    return { remarks: [doubt('load.pacing', { why: 'the service did not serve the quota' })], measured };
  }
  const details = { accepted, sent: lines.length, elapsed: elapsedMs / 1000, quota: formatQuota(quota) };
  const line = lines.find(isAccepted);
  return {
    remarks: [violation('rate-limit.threshold.absent', { details })],
    measured,
    ...(line && { line }),
  };
}
