import { formatQuota, violation, type Quota } from '../../contracts/index.ts';
import type { TraceLine } from '../k6/trace.ts';
import { isAccepted, isSuspicious, type Measurement } from './threshold.ts';

/**
 * Did requests that came all at once get more places than there are?
 * @param refused a 429 of before: by its promise a bucket is known
 */
export function isOvercrowded(
  lines: readonly TraceLine[],
  quota: Quota,
  refused: TraceLine | undefined,
): boolean {
  const accepted = lines.filter(isAccepted);
  const [from, to] = [accepted.map(({ sentAt }) => sentAt), accepted.map(({ receivedAt }) => receivedAt)];
  const elapsedMs = Math.max(0, Math.max(...to) - Math.min(...from));
  return isSuspicious({ accepted: accepted.length, elapsedMs, ...(refused && { line: refused }) }, quota);
}

/**
 * @param bursts one, or two where the first one got too many: a window that ends in the middle of a burst lets through
 *   twice the quota, and does so only once
 * @param refused as above
 */
export function judgeParallel(
  bursts: readonly (readonly TraceLine[])[],
  quota: Quota,
  refused: TraceLine | undefined,
): Measurement {
  const counts = bursts.map((lines) => lines.filter(isAccepted).length);
  const accepted = Math.min(...counts);
  const measured = { parallelAccepted: accepted };
  if (bursts.length < 2 || !bursts.every((lines) => isOvercrowded(lines, quota, refused))) {
    return { remarks: [], measured };
  }
  const line = bursts[0]?.find(isAccepted);
  const details = { accepted, quota: formatQuota(quota), phase: 'parallel' };
  const remarks = [violation('rate-limit.threshold.high', { site: 'parallel', details })];
  return { remarks, measured, ...(line && { line }) };
}

/** Twice the quota is what two windows hold: documents say that it is reset. */
const TWO_WINDOWS = 2.02;

/** The most requests that were accepted in the time of one window, as a share of the quota. */
export function judgeBoundary(lines: readonly TraceLine[], quota: Quota): Measurement {
  const { limit, windowMs } = quota;
  const accepted = lines.filter(isAccepted).toSorted((a, b) => a.sentAt - b.sentAt);
  const counts = accepted.map(
    ({ sentAt }) =>
      accepted.filter((one) => one.sentAt >= sentAt && one.receivedAt < sentAt + windowMs).length,
  );
  const most = Math.max(0, ...counts);
  const measured = { boundaryRatio: Math.round((100 * most) / limit) / 100 };
  if (most <= TWO_WINDOWS * limit + 1) return { remarks: [], measured };
  const details = { accepted: most, quota: formatQuota(quota), phase: 'boundary' };
  const remarks = [violation('rate-limit.threshold.high', { site: 'boundary', details })];
  return { remarks, measured, ...(accepted[0] && { line: accepted[0] }) };
}
