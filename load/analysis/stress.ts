import {
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Measured,
  type Quota,
} from '../../core/index.ts';
import { requestsIn, stressProfiles, type StressName, type UserKind } from '../scripts/stress-profiles.ts';
import { isAllowed, isThrottled, type LoadExchange } from '../scripts/trace.ts';
import { BELOW_QUOTA_SHARE, USER_WINDOWS } from '../timing.ts';
import { judgeRejection } from './limiter/below-quota.ts';
import { judgeMaxPerWindow, maxAllowedPerWindow } from './limiter/concurrent-burst.ts';
import { percentile95 } from './latency.ts';
import type { Measurement } from './measurement.ts';
import { percentile } from './statistics.ts';

/** The share of the planned requests that must have been sent. k6 may omit one at each change of the rate. */
const MIN_SENT = 0.95;
/** A single slow response is tolerated. */
const MIN_SLOW = 2;

/**
 * Judges the latency under a shape of load. Only accepted requests count, because throttled ones are answered quickly. Each
 * step (operation and reported status) is judged separately.
 */
export function judgeStress(name: StressName, exchanges: readonly LoadExchange[], quota: Quota): Measurement {
  const profile = stressProfiles[name];
  const planned = Math.floor(MIN_SENT * requestsIn(profile, quota.limit)) - 2 * profile.periods.length;
  const allowed = exchanges.filter(isAllowed);
  const problem =
    exchanges.length < planned
      ? `${exchanges.length} of ${planned} requests were sent`
      : allowed.length === 0
        ? 'no request was accepted'
        : undefined;
  if (problem !== undefined) {
    return { results: [inconclusiveBecause('load.pacing', { why: problem })], measured: {} };
  }
  const slow = [...Map.groupBy(allowed, ({ step }) => step)]
    .map(([step, own]) => ({ step, own, p95: percentile95(durationsOf(own)) }))
    .filter(({ own, p95 }) => own.length >= MIN_SLOW && p95 > profile.p95);
  const results = slow.map(({ step, own, p95 }): CheckResult => {
    const details = { p95: Math.round(p95), limit: profile.p95, count: own.length, scenario: step };
    return violation('load.latency', { site: step, details });
  });
  const isBelowQuota = profile.periods.every(({ share }) => share <= BELOW_QUOTA_SHARE);
  const rejection = isBelowQuota ? exchanges.find(isThrottled) : undefined;
  if (rejection !== undefined) {
    results.push(judgeRejection(rejection, exchanges, { quota, scenario: name }));
  }
  const slowest = slow[0]?.own.toSorted((a, b) => b.durationMs - a.durationMs)[0];
  const exchange = slowest ?? rejection;
  return { results, measured: measure(name, exchanges), ...(exchange && { exchange }) };
}

function measure(name: StressName, exchanges: readonly LoadExchange[]): Measured {
  const allowed = durationsOf(exchanges.filter(isAllowed));
  const throttled = durationsOf(exchanges.filter(isThrottled));
  const rounded = (values: readonly number[], share: number): number | null =>
    values.length === 0 ? null : Math.round(10 * percentile(values, share)) / 10;
  return {
    [`${name} accepted`]: allowed.length,
    [`${name} throttled`]: throttled.length,
    [`${name} p50 ms`]: rounded(allowed, 0.5),
    [`${name} p95 ms`]: rounded(allowed, 0.95),
    [`${name} p99 ms`]: rounded(allowed, 0.99),
    [`${name} throttled p95 ms`]: rounded(throttled, 0.95),
  };
}

function durationsOf(exchanges: readonly LoadExchange[]): number[] {
  return exchanges.map(({ durationMs }) => durationMs);
}

/** Measures the rate at the first 429, in requests per window. */
export function measureBreakpoint(exchanges: readonly LoadExchange[], { windowMs }: Quota): Measurement {
  const rejection = exchanges.find(isThrottled);
  const before = rejection && exchanges.filter(({ sentAt }) => sentAt > rejection.sentAt - windowMs);
  return { results: [], measured: { breakpointRate: before?.length ?? null } };
}

/** Judges and measures the share of the quota that users of one kind get. */
export function judgeUsers(kind: UserKind, exchanges: readonly LoadExchange[], quota: Quota): Measurement {
  const allowed = exchanges.filter(isAllowed).length;
  const share = (part: number, whole: number): number => Math.round((100 * part) / whole) / 100;
  const exchange = exchanges.find(isAllowed);
  return {
    results: judgeMaxPerWindow(maxAllowedPerWindow(exchanges, quota), quota, 'users'),
    ...(exchange && { exchange }),
    measured: {
      [`${kind} goodput`]: share(allowed, quota.limit * USER_WINDOWS),
      [`${kind} throttled share`]: share(exchanges.length - allowed, Math.max(1, exchanges.length)),
    },
  };
}
