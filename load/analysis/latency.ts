import { inconclusiveBecause, violation } from '../../core/index.ts';
import type { ScenarioName } from '../scripts/load-task.ts';
import type { StressName } from '../scripts/stress-profiles.ts';
import { isAllowed, type LoadExchange } from '../scripts/trace.ts';
import type { Measurement } from './measurement.ts';
import { percentile } from './statistics.ts';

/** The longest 95th percentile of accepted requests, in milliseconds. No document defines one; these are tolerable values. */
export const latencyLimits: Record<Exclude<ScenarioName, StressName>, { readonly p95: number }> = {
  smoke: { p95: 5000 },
  'exceed-quota': { p95: 2000 },
  recovery: { p95: 5000 },
  'below-quota': { p95: 1000 },
  'concurrent-burst': { p95: 5000 },
  'window-edge': { p95: 2000 },
  'unserved-cost': { p95: 2000 },
  breakpoint: { p95: 2000 },
  polite: { p95: 2000 },
  impatient: { p95: 2000 },
  identify: { p95: 2000 },
};

/** With fewer values the minimum is used, because a single slow response decides the 95th percentile. */
const MIN_VALUES = 5;

/** Judges the duration of accepted requests. */
export function judgeLatency(
  scenario: keyof typeof latencyLimits,
  exchanges: readonly LoadExchange[],
): Measurement {
  const durations = exchanges.filter(isAllowed).map(({ durationMs }) => durationMs);
  if (durations.length === 0 && scenario !== 'recovery') {
    const why = 'no request was accepted';
    return { results: [inconclusiveBecause('load.pacing', { why })], measured: {} };
  }
  const p95 = Math.round(percentile95(durations));
  const { p95: limit } = latencyLimits[scenario];
  const details = { p95, limit, count: durations.length, scenario };
  const results = p95 > limit ? [violation('load.latency', { site: scenario, details })] : [];
  return { results, measured: { [`${scenario} p95 ms`]: durations.length === 0 ? null : p95 } };
}

/** The 95th percentile, or the minimum of few values. */
export function percentile95(durations: readonly number[]): number {
  return percentile(durations, durations.length < MIN_VALUES ? 0 : 0.95);
}
