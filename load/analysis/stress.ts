import { doubt, violation, type Measured, type Quota, type Remark } from '../../core/index.ts';
import {
  CLIENT_WINDOWS,
  requestsIn,
  stressProfiles,
  type ClientKind,
  type StressName,
} from '../scripts/stress-profiles.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { UNDER_SHARE } from '../scripts/under-plan.ts';
import { judgeMost, mostAccepted } from './crowded.ts';
import { percentile, slownessOf } from './latency.ts';
import { isAccepted, type Measurement } from './threshold.ts';
import { judgeRefusal } from './under.ts';

/** The share of what was planned without which the load was another one; k6 may leave out one at each change of rate. */
const SENT = 0.95;
/** Once is the weather. */
const ENOUGH = 2;

/**
 * What a profile shows: how long accepted answers took, apart from refused ones, which are quick and say nothing of the
 * service. Slow is also what only one status or operation is.
 */
export function judgeStress(name: StressName, lines: readonly TraceLine[], quota: Quota): Measurement {
  const profile = stressProfiles[name];
  const planned = Math.floor(SENT * requestsIn(profile, quota.limit)) - 2 * profile.stretches.length;
  if (lines.length < planned) {
    const why = `${lines.length} of ${planned} requests were sent`;
    return { remarks: [doubt('load.pacing', { why })], measured: {} };
  }
  const accepted = lines.filter(isAccepted);
  if (accepted.length === 0)
    return { remarks: [doubt('load.pacing', { why: 'nothing was accepted' })], measured: {} };
  const phases = [...Map.groupBy(accepted, ({ phase }) => phase)];
  const slow = phases
    .map(([phase, own]) => ({ phase, own, p95: slownessOf(durationsOf(own)) }))
    .filter(({ own, p95 }) => own.length >= ENOUGH && p95 > profile.p95);
  const remarks = slow.map(({ phase, own, p95 }): Remark => {
    const details = { p95: Math.round(p95), limit: profile.p95, count: own.length, scenario: phase };
    return violation('load.latency', { site: phase, details });
  });
  const isBelow = profile.stretches.every(({ share }) => share <= UNDER_SHARE);
  const refused = isBelow ? lines.find(({ status }) => status === 429) : undefined;
  const low = refused === undefined ? [] : [judgeRefusal(refused, lines, { quota, phase: name })];
  const slowest = slow[0]?.own.toSorted((a, b) => b.durationMs - a.durationMs)[0];
  const line = slowest ?? refused;
  return { remarks: [...remarks, ...low], measured: figuresOf(name, lines), ...(line && { line }) };
}

function figuresOf(name: StressName, lines: readonly TraceLine[]): Measured {
  const accepted = durationsOf(lines.filter(isAccepted));
  const refused = durationsOf(lines.filter(({ status }) => status === 429));
  const at = (values: readonly number[], share: number): number | null =>
    values.length === 0 ? null : Math.round(10 * percentile(values, share)) / 10;
  return {
    [`${name}Accepted`]: accepted.length,
    [`${name}Refused`]: refused.length,
    [`${name}P50Ms`]: at(accepted, 0.5),
    [`${name}P95Ms`]: at(accepted, 0.95),
    [`${name}P99Ms`]: at(accepted, 0.99),
    [`${name}RefusedP95Ms`]: at(refused, 0.95),
  };
}

function durationsOf(lines: readonly TraceLine[]): number[] {
  return lines.map(({ durationMs }) => durationMs);
}

/** The rate at which somebody was refused first, requests in a window. */
export function judgeBreakpoint(lines: readonly TraceLine[], { windowMs }: Quota): Measurement {
  const refused = lines.find(({ status }) => status === 429);
  const before = refused && lines.filter(({ sentAt }) => sentAt > refused.sentAt - windowMs);
  return { remarks: [], measured: { breakpointRate: before?.length ?? null } };
}

/** What clients of one kind got of what there is. */
export function judgeClients(kind: ClientKind, lines: readonly TraceLine[], quota: Quota): Measurement {
  const { limit } = quota;
  const accepted = lines.filter(isAccepted).length;
  const share = (part: number, whole: number): number => Math.round((100 * part) / whole) / 100;
  const line = lines.find(isAccepted);
  return {
    remarks: judgeMost(mostAccepted(lines, quota), quota, 'clients'),
    ...(line && { line }),
    measured: {
      [`${kind}Goodput`]: share(accepted, limit * CLIENT_WINDOWS),
      [`${kind}RefusedShare`]: share(lines.length - accepted, Math.max(1, lines.length)),
    },
  };
}
