import {
  doubt,
  formatQuota,
  violation,
  type Measured,
  type Quota,
  type Remark,
} from '../../contracts/index.ts';
import type { TraceLine } from '../k6/trace.ts';

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
 * @param confirmed a second burst that was made because the first let too many through: a window that ends
 *   in the middle of one burst lets through twice the quota, and does so only once
 */
export function judgeThreshold(
  burst: readonly TraceLine[],
  confirmed: readonly TraceLine[] | undefined,
  quota: Quota,
): Measurement {
  const first = countBefore(burst, quota);
  if (!first.limited) return judgeAbsence(burst, quota);
  const shown = first.line && { line: first.line };
  const accepted =
    confirmed === undefined
      ? first.accepted
      : Math.min(first.accepted, countBefore(confirmed, quota).accepted);
  const measured = { limit: accepted };
  const details = { accepted, quota: formatQuota(quota), phase: 'over' };
  if (accepted + first.unclear < quota.limit)
    return { remarks: [violation('rate-limit.threshold.low', { details })], measured, ...shown };
  const isHigh = confirmed !== undefined && isSuspicious(accepted, quota);
  const remarks = isHigh ? [violation('rate-limit.threshold.high', { details })] : [];
  return { remarks, measured, ...shown };
}

/** Did a burst let so many through that a second one has to tell? */
export function isSuspicious(accepted: number, { limit }: Quota): boolean {
  return accepted > limit * TOLERANCE;
}

interface Count {
  readonly limited: boolean;
  readonly accepted: number;
  /** Answers that do not say whether the limiter let them pass. */
  readonly unclear: number;
  readonly line?: TraceLine;
}

/** What neither was accepted nor refused may have been counted by the limiter all the same: a cut answer, a 500. */
function isUnclear(line: TraceLine): boolean {
  return !isAccepted(line) && line.status !== 429;
}

/** Accepted requests in the window that ends with the first 429. */
export function countBefore(lines: readonly TraceLine[], { windowMs }: Quota): Count {
  const inOrder = lines.toSorted((a, b) => a.sentAt - b.sentAt);
  const line = inOrder.find(({ status }) => status === 429);
  const end = line?.sentAt ?? Infinity;
  const window = lines.filter(({ sentAt }) => sentAt > end - windowMs && sentAt <= end);
  const counts = { accepted: window.filter(isAccepted).length, unclear: window.filter(isUnclear).length };
  return line === undefined ? { limited: false, ...counts } : { limited: true, ...counts, line };
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
  const details = { accepted, sent: lines.length, elapsed: elapsedMs / 1000, quota: formatQuota(quota) };
  const line = lines.at(-1);
  return {
    remarks: [violation('rate-limit.threshold.absent', { details })],
    measured,
    ...(line && { line }),
  };
}
