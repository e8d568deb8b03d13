import { setTimeout as wait } from 'node:timers/promises';

import { readableTypes, type Outcome } from '../contracts/index.ts';
import { askable, notAsked, obstacleTo, type Asker } from './askable.ts';
import { dimensionNames, VOLLEY } from './k6/dimensions.ts';
import type { TraceLine } from './k6/trace.ts';
import { UNDER_WINDOWS } from './k6/under-plan.ts';
import { nightly, planNightly } from './nightly-suite.ts';
import { overAndBack, type LoadPlan } from './over-and-back.ts';
import { concluded, scenario, type LoadOptions } from './run-scenario.ts';
import { planStress, stressScenarios } from './stress-suite.ts';
import { judgeKey } from './verdicts/keys.ts';
import { judgeStatuses } from './verdicts/statuses.ts';
import { countBefore, isSuspicious, judgeThreshold } from './verdicts/threshold.ts';
import { judgeToken } from './verdicts/token.ts';
import { judgeUnder, plannedUnder } from './verdicts/under.ts';

/** A read of each type and one report. */
const SMOKE_REQUESTS = readableTypes.length + 1;
/** The volley of a dimension, and a request before and after it. */
const KEY_REQUESTS = VOLLEY + 2;
/**
 * Windows between the recovery from one burst and a second one. The service came back when a window began:
 * after 1.3 of them no window ends in the middle of the burst, whether it is counted by the clock or by the first request.
 */
const SECOND_REST = 1.3;

type PlanOptions = Pick<LoadOptions, 'quota' | 'restMs' | 'restBetweenMs' | 'suite' | 'isRemote'> & Asker;

/** What the limiter suite costs at most on a target that keeps its promises. */
export function planLoad(options: PlanOptions): LoadPlan {
  const always = planAlways(options);
  if (options.suite !== 'nightly') return always;
  const parts = [always, planNightly(options.quota, options.restBetweenMs), planStress(options)];
  const sum = (pick: (part: LoadPlan) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    requests: sum(({ requests }) => requests),
    writes: sum(({ writes }) => writes),
    violations: sum(({ violations }) => violations),
    durationMs: sum(({ durationMs }) => durationMs),
  };
}

function planAlways(options: PlanOptions): LoadPlan {
  const { quota, guard, restMs } = options;
  const burst = Math.ceil(quota.limit * 1.2);
  const keys = askable(options);
  const writes = guard.allows('write') ? 1 + (keys.includes('operation') ? VOLLEY : 0) : 0;
  return {
    requests: SMOKE_REQUESTS + burst + keys.length * KEY_REQUESTS + 2 + plannedUnder(quota),
    writes,
    violations: 1,
    durationMs: restMs + (2 + UNDER_WINDOWS) * quota.windowMs + 3000,
  };
}

/**
 * The limiter suite: a smoke test, a burst over the quota, what else is counted for it, silence until the promised time,
 * one probe, a window of rest, and load below the quota. Yields every exchange and then what follows from them.
 * @throws {K6Error}
 */
export async function* stress(options: LoadOptions): AsyncGenerator<Outcome> {
  const { quota, guard, signal } = options;
  guard.ask('load');
  await wait(options.restMs, undefined, { signal });
  const smoke = yield* scenario(options, 'smoke');
  const first = yield* overAndBack(options, askable(options));
  const before = [...smoke, ...first.burst];
  const needsSecond = first.limited && isSuspicious(countBefore(before, quota), quota);
  if (needsSecond) await wait(SECOND_REST * quota.windowMs, undefined, { signal });
  const second = needsSecond ? yield* overAndBack(options, []) : undefined;
  yield concluded('threshold', 'over', judgeThreshold(before, second?.burst, quota));
  yield* keysIn(first.lines, options);
  await wait(quota.windowMs, undefined, { signal });
  const under = yield* scenario(options, 'under');
  yield concluded('nobody refused below the quota', 'under', judgeUnder(under, quota));
  const all = [...smoke, ...first.lines, ...(second?.lines ?? []), ...under];
  yield concluded('the token is served throughout', 'under', judgeToken(all));
  yield concluded('nothing but 200 and 429', 'under', judgeStatuses(all));
  if (options.suite !== 'nightly') return;
  yield* nightly(options, countBefore(before, quota));
  yield* stressScenarios(options);
}

/** What the limiter counts by: one outcome for each dimension. */
function* keysIn(lines: readonly TraceLine[], options: LoadOptions): Generator<Outcome> {
  for (const dimension of dimensionNames) {
    const obstacle = obstacleTo(dimension, options);
    const judged = obstacle === undefined ? judgeKey(dimension, lines) : undefined;
    if (obstacle !== undefined) yield notAsked(dimension, obstacle);
    else if (typeof judged === 'string') yield notAsked(dimension, [judged, {}]);
    else if (judged !== undefined) yield concluded(`key ${dimension}`, 'keys', judged);
  }
}
