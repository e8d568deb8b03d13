import {
  formatQuota,
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Quota,
} from '../../../core/index.ts';
import { isAllowed, type LoadExchange } from '../../scripts/trace.ts';
import type { Measurement } from '../measurement.ts';
import { maxAllowed } from './threshold.ts';

/**
 * Whether concurrent requests were allowed more than the limit.
 * @param rejection an earlier 429, which distinguishes buckets from windows
 */
export function isOvercommitted(
  exchanges: readonly LoadExchange[],
  quota: Quota,
  rejection: LoadExchange | undefined,
): boolean {
  const { length } = exchanges.filter(isAllowed);
  return length > maxAllowed({ elapsedMs: elapsedIn(exchanges), rejection }, quota);
}

/** Whether there were more requests than a bucket may allow while they are sent. */
export function hasEnoughRequests(
  exchanges: readonly LoadExchange[],
  quota: Quota,
  rejection: LoadExchange | undefined,
): boolean {
  return exchanges.length > maxAllowed({ elapsedMs: elapsedIn(exchanges), rejection }, quota);
}

function elapsedIn(exchanges: readonly LoadExchange[]): number {
  const allowed = exchanges.filter(isAllowed);
  const start = Math.min(...allowed.map(({ sentAt }) => sentAt));
  const end = Math.max(...allowed.map(({ receivedAt }) => receivedAt));
  return Math.max(0, end - start);
}

/**
 * Judges concurrent requests.
 * @param bursts a second burst follows if the first was allowed too much, because a window that ends during a burst allows
 *   twice the quota
 */
export function judgeConcurrentBurst(
  bursts: readonly (readonly LoadExchange[])[],
  quota: Quota,
  rejection: LoadExchange | undefined,
): Measurement {
  const counts = bursts.map((exchanges) => exchanges.filter(isAllowed).length);
  const accepted = Math.min(...counts);
  const measured = { concurrentAccepted: accepted };
  if (!bursts.every((exchanges) => isOvercommitted(exchanges, quota, rejection))) {
    return { results: [], measured };
  }
  if (bursts.length < 2) {
    const why = 'a burst above the limit was not repeated';
    return { results: [inconclusiveBecause('load.pacing', { why })], measured };
  }
  const exchange = bursts[0]?.find(isAllowed);
  const details = { accepted, quota: formatQuota(quota), scenario: 'concurrent-burst' };
  const results = [violation('rate-limit.threshold.high', { site: 'concurrent-burst', details })];
  return { results, measured, ...(exchange && { exchange }) };
}

/** A fixed window allows twice the quota around its edge, and a full bucket twice the quota in one window. */
const MAX_QUOTAS_PER_WINDOW = 2.02;

function maxPerWindow({ limit }: Quota): number {
  return MAX_QUOTAS_PER_WINDOW * limit + 1;
}

/**
 * Whether enough responses arrived before the window could end, so that a limiter that counts wrongly there is noticed.
 * A slow machine or target delays them.
 * @param exchanges the request that started the window, and the bursts before and after its end
 */
export function isWindowEdgeTested(exchanges: readonly LoadExchange[], quota: Quota): boolean {
  const [start, ...bursts] = exchanges.toSorted((a, b) => a.sentAt - b.sentAt);
  if (start === undefined || !isAllowed(start)) return false;
  const early = bursts.filter(({ receivedAt }) => receivedAt < start.sentAt + quota.windowMs);
  return early.length + quota.limit > maxPerWindow(quota);
}

/**
 * Judges the largest number of requests that were allowed within the duration of one window.
 * @param tries the last of them was repeated if the earlier ones came too late
 */
export function judgeWindowEdge(tries: readonly (readonly LoadExchange[])[], quota: Quota): Measurement {
  const max = Math.max(...tries.map((exchanges) => maxAllowedPerWindow(exchanges, quota)));
  const measured = { windowEdgeRatio: Math.round((100 * max) / quota.limit) / 100 };
  const results = judgeMaxPerWindow(max, quota, 'window-edge');
  if (results.length === 0 && !tries.some((exchanges) => isWindowEdgeTested(exchanges, quota))) {
    const why = 'the responses came after the end of the window';
    return { results: [inconclusiveBecause('load.pacing', { why })], measured };
  }
  const exchange = tries.flat().find(isAllowed);
  return { results, measured, ...(exchange && { exchange }) };
}

export function judgeMaxPerWindow(max: number, quota: Quota, site: string): CheckResult[] {
  if (max <= maxPerWindow(quota)) return [];
  const details = { accepted: max, quota: formatQuota(quota), scenario: 'window-edge' };
  return [violation('rate-limit.threshold.high', { site, details })];
}

/** The largest number of requests that were sent and allowed within the duration of one window. */
export function maxAllowedPerWindow(exchanges: readonly LoadExchange[], { windowMs }: Quota): number {
  const allowed = exchanges.filter(isAllowed);
  const counts = allowed.map(
    ({ sentAt }) =>
      allowed.filter((one) => one.sentAt >= sentAt && one.receivedAt < sentAt + windowMs).length,
  );
  return Math.max(0, ...counts);
}
