import { setTimeout as wait } from 'node:timers/promises';

import { readableTypes, type Outcome } from '../contracts/index.ts';
import type { TraceLine } from './k6/trace.ts';
import { UNDER_WINDOWS } from './k6/under-plan.ts';
import { concluded, scenario, type LoadOptions } from './run-scenario.ts';
import { judgeRecovery, probeTimes } from './verdicts/recovery.ts';
import { countBefore, isSuspicious, judgeThreshold } from './verdicts/threshold.ts';
import { judgeStatuses } from './verdicts/statuses.ts';
import { judgeToken } from './verdicts/token.ts';
import { judgeUnder, plannedUnder } from './verdicts/under.ts';

export { K6MissingError, resolveK6 } from './k6-binary.ts';
export { honestyOf } from './identify/honesty.ts';
export type { Cycle, Ranked } from './identify/identify.ts';
export { concludeFrom, type Conclusion, type Evident } from './identify/conclude.ts';
export { identifyLimiter, planIdentify } from './identify/run-cycles.ts';
export type { FamilyName } from './identify/families.ts';
export type { Shot } from './k6/experiments.ts';
export { K6Error, type LoadOptions } from './run-scenario.ts';

/** A read of each type and one report. */
const SMOKE_REQUESTS = readableTypes.length + 1;
/**
 * Windows between the recovery from one burst and a second one. The service came back when a window began:
 * after 1.3 of them no window ends in the middle of the burst, whether it is counted by the clock or by the first request.
 */
const SECOND_REST = 1.3;

export interface LoadPlan {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  readonly durationMs: number;
}

/** What the limiter suite costs at most on a target that keeps its promises. */
export function planLoad({
  quota,
  guard,
  restMs,
}: Pick<LoadOptions, 'quota' | 'guard' | 'restMs'>): LoadPlan {
  const burst = Math.ceil(quota.limit * 1.2);
  return {
    requests: SMOKE_REQUESTS + burst + 1 + plannedUnder(quota),
    writes: guard.allows('write') ? 1 : 0,
    violations: 1,
    durationMs: restMs + (2 + UNDER_WINDOWS) * quota.windowMs + 3000,
  };
}

/**
 * The limiter suite: a smoke test, a burst over the quota, silence until the promised time, one probe,
 * a window of rest, and load below the quota. Yields every exchange and then what follows from them.
 * @throws {K6Error}
 */
export async function* stress(options: LoadOptions): AsyncGenerator<Outcome> {
  const { quota, guard, signal } = options;
  guard.ask('load');
  await wait(options.restMs, undefined, { signal });
  const smoke = yield* scenario(options, 'smoke');
  const first = yield* burst(options);
  const before = [...smoke, ...first.lines];
  const needsSecond = first.limited && isSuspicious(countBefore(before, quota), quota);
  const second = needsSecond ? yield* burst(options, SECOND_REST * quota.windowMs) : undefined;
  yield concluded('threshold', 'over', judgeThreshold(before, second?.lines, quota));
  await wait(quota.windowMs, undefined, { signal });
  const under = yield* scenario(options, 'under');
  yield concluded('nobody refused below the quota', 'under', judgeUnder(under, quota));
  const all = [...before, ...(second?.lines ?? []), ...under];
  yield concluded('the token is served throughout', 'under', judgeToken(all));
  yield concluded('nothing but 200 and 429', 'under', judgeStatuses(all));
}

/** A burst, and how the service comes back from it. */
async function* burst(
  options: LoadOptions,
  restMs = 0,
): AsyncGenerator<Outcome, { lines: TraceLine[]; limited: boolean }> {
  await wait(restMs, undefined, { signal: options.signal });
  const lines = yield* scenario(options, 'over');
  const limited = lines.some(({ status }) => status === 429);
  if (!limited) return { lines, limited };
  const probes = yield* scenario(options, 'recover', { probesAt: probeTimes(lines, options.quota) });
  yield concluded('recovery', 'recover', judgeRecovery(lines, probes, options.quota));
  return { lines, limited };
}
