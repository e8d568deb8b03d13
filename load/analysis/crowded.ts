import { doubt, formatQuota, violation, type Quota, type Remark } from '../../core/index.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { isAccepted, mostSound, type Measurement } from './threshold.ts';

/**
 * Did requests that came all at once get more places than there are?
 * @param refused a 429 of before: by its promise a bucket is known
 */
export function isOvercrowded(
  lines: readonly TraceLine[],
  quota: Quota,
  refused: TraceLine | undefined,
): boolean {
  return lines.filter(isAccepted).length > mostSound({ elapsedMs: elapsedIn(lines), line: refused }, quota);
}

/** Were there enough of them to tell? A bucket gives back while they come. */
export function areEnough(
  lines: readonly TraceLine[],
  quota: Quota,
  refused: TraceLine | undefined,
): boolean {
  return lines.length > mostSound({ elapsedMs: elapsedIn(lines), line: refused }, quota);
}

function elapsedIn(lines: readonly TraceLine[]): number {
  const accepted = lines.filter(isAccepted);
  const [from, to] = [accepted.map(({ sentAt }) => sentAt), accepted.map(({ receivedAt }) => receivedAt)];
  return Math.max(0, Math.max(...to) - Math.min(...from));
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
  if (!bursts.every((lines) => isOvercrowded(lines, quota, refused))) return { remarks: [], measured };
  if (bursts.length < 2) {
    const why = 'a burst that let too many through was not made again';
    return { remarks: [doubt('load.pacing', { why })], measured };
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
  const most = mostAccepted(lines, quota);
  const measured = { boundaryRatio: Math.round((100 * most) / quota.limit) / 100 };
  const remarks = judgeMost(most, quota, 'boundary');
  const line = lines.find(isAccepted);
  return { remarks, measured, ...(line && { line }) };
}

/** No limiter of one window lets more through in its time, wherever that begins; a bucket that was full, twice the quota. */
export function judgeMost(most: number, quota: Quota, site: string): Remark[] {
  if (most <= TWO_WINDOWS * quota.limit + 1) return [];
  const details = { accepted: most, quota: formatQuota(quota), phase: 'boundary' };
  return [violation('rate-limit.threshold.high', { site, details })];
}

/** The most requests that were sent and accepted in the time of one window. */
export function mostAccepted(lines: readonly TraceLine[], { windowMs }: Quota): number {
  const accepted = lines.filter(isAccepted);
  const counts = accepted.map(
    ({ sentAt }) =>
      accepted.filter((one) => one.sentAt >= sentAt && one.receivedAt < sentAt + windowMs).length,
  );
  return Math.max(0, ...counts);
}
