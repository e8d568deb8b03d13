import { doubt, violation } from '../../core/index.ts';
import type { StressName } from '../scripts/stress-profiles.ts';
import type { ScenarioName, TraceLine } from '../scripts/trace.ts';
import { isAccepted, type Measurement } from './threshold.ts';

/** Milliseconds that 95 of 100 accepted answers may take. No document promises one: these are what a client would bear. */
export const thresholds: Record<Exclude<ScenarioName, StressName>, { readonly p95: number }> = {
  smoke: { p95: 5000 },
  over: { p95: 2000 },
  recover: { p95: 5000 },
  under: { p95: 1000 },
  parallel: { p95: 5000 },
  boundary: { p95: 2000 },
  charged: { p95: 2000 },
  breakpoint: { p95: 2000 },
  polite: { p95: 2000 },
  impatient: { p95: 2000 },
  identify: { p95: 2000 },
};

/** Answers of which one in twenty says something; fewer are slow when all of them are. */
const ENOUGH = 5;

/** How long accepted answers took; where there were none, nobody knows. */
export function judgeLatency(scenario: keyof typeof thresholds, lines: readonly TraceLine[]): Measurement {
  const durations = lines.filter(isAccepted).map(({ durationMs }) => durationMs);
  if (durations.length === 0 && scenario !== 'recover') {
    return { remarks: [doubt('load.pacing', { why: 'nothing was accepted' })], measured: {} };
  }
  const p95 = Math.round(slownessOf(durations));
  const { p95: limit } = thresholds[scenario];
  const details = { p95, limit, count: durations.length, scenario };
  const remarks = p95 > limit ? [violation('load.latency', { site: scenario, details })] : [];
  return { remarks, measured: { [`${scenario}P95Ms`]: durations.length === 0 ? null : p95 } };
}

/** The 95th percentile; of few values the least. */
export function slownessOf(durations: readonly number[]): number {
  return percentile(durations, durations.length < ENOUGH ? 0 : 0.95);
}

/** The nearest-rank percentile; 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
