import { doubt, formatQuota, violation, type Quota, type Remark } from '../../core/index.ts';
import { UNDER_SHARE, UNDER_WINDOWS } from '../scripts/under-plan.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { mostWithin } from './most-within.ts';
import { isAccepted, type Measurement } from './threshold.ts';

/** Requests that the under scenario sends. */
export function plannedUnder({ limit }: Quota, windows = UNDER_WINDOWS): number {
  return Math.floor(Math.floor(limit * UNDER_SHARE) * windows);
}

/** Below the quota nobody is refused. Judged on what was really sent: a stalled sender bunches its requests. */
export function judgeUnder(lines: readonly TraceLine[], quota: Quota, windows = UNDER_WINDOWS): Measurement {
  const refused = lines.find(({ status }) => status === 429);
  const measured = { underSent: lines.length };
  const planned = plannedUnder(quota, windows);
  if (lines.length < planned) {
    const why = `${lines.length} of ${planned} requests were sent`;
    return { remarks: [doubt('load.pacing', { why })], measured };
  }
  if (refused === undefined) return { remarks: [], measured };
  return { remarks: [judgeRefusal(refused, lines, { quota, phase: 'under' })], measured, line: refused };
}

/** A 429 below the quota; where requests bunched up on their way, nobody knows. */
export function judgeRefusal(
  refused: TraceLine,
  lines: readonly TraceLine[],
  { quota, phase }: { readonly quota: Quota; readonly phase: string },
): Remark {
  const busiest = mostWithin(
    lines.map(({ sentAt }) => sentAt),
    quota.windowMs,
  );
  if (busiest > quota.limit) {
    return doubt('load.pacing', { why: 'requests bunched up beyond the quota' });
  }
  const accepted = lines.filter((line) => isAccepted(line) && isWithin(line, refused, quota)).length;
  return violation('rate-limit.threshold.low', { details: { accepted, quota: formatQuota(quota), phase } });
}

function isWithin(line: TraceLine, end: TraceLine, { windowMs }: Quota): boolean {
  return line.sentAt <= end.sentAt && line.sentAt > end.sentAt - windowMs;
}
