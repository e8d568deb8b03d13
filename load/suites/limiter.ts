import { setTimeout as wait } from 'node:timers/promises';

import { readableTypes, type Outcome } from '../../core/index.ts';
import { askable, obstacleTo, type Asker } from './partition-key-support.ts';
import { BURST, DRAIN } from '../scripts/burst-plan.ts';
import { AGREEING, dimensionNames, drainsAt, MOST_CLOSING, VOLLEY } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { UNDER_WINDOWS } from '../scripts/under-plan.ts';
import { nightly, planNightly } from './nightly.ts';
import { overTwice, RECOVERY_REQUESTS, secondRestMs, type LoadPlan } from './exceed-and-recover.ts';
import { concluded, leftOut, scenario, servedOrLimited, type LoadOptions } from '../runner/run-scenario.ts';
import { planStress, stressScenarios } from './stress.ts';
import { judgeKey } from '../analysis/keys.ts';
import { judgeQuotaHeaders } from '../analysis/quota-headers.ts';
import { judgeUnder, plannedUnder } from '../analysis/under.ts';

/** A read of each type and one report. */
const SMOKE_REQUESTS = readableTypes.length + 1;
/** The volleys of a dimension, and a request before and after each. */
const KEY_REQUESTS = AGREEING * (VOLLEY + 2);

type PlanOptions = Pick<LoadOptions, 'quota' | 'restMs' | 'restBetweenMs' | 'suite' | 'isRemote'> & Asker;

/** What the limiter suite costs at most: on a target that keeps its promises a third of it. */
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
  const bursts = 2 * (BURST * quota.limit + RECOVERY_REQUESTS);
  const keys = askable(options);
  const drains = drainsAt(options.isRemote);
  const volleys = keys.includes('operation') ? (AGREEING + drains) * VOLLEY : 0;
  return {
    requests:
      SMOKE_REQUESTS +
      bursts +
      keys.length * KEY_REQUESTS +
      drains * (VOLLEY + 2) +
      AGREEING * MOST_CLOSING +
      Math.ceil(drains * DRAIN * quota.limit) +
      plannedUnder(quota) +
      1,
    writes: guard.allows('write') ? 1 + volleys : 0,
    violations: 2 + drains,
    // A burst may be made again, after a rest.
    durationMs: restMs + (8 + UNDER_WINDOWS) * quota.windowMs + secondRestMs(options) + 3000,
  };
}

/**
 * The limiter suite: a smoke test, a burst over the quota, what else is counted for it, silence until the promised time
 * or a test before it, one probe, a window of rest, and load below the quota. Yields every exchange and then what follows from them.
 * @throws {K6Error}
 */
export async function* stress(options: LoadOptions): AsyncGenerator<Outcome> {
  const { quota, guard, signal } = options;
  guard.ask('load');
  await wait(options.restMs, undefined, { signal });
  const smoke = yield* scenario(options, 'smoke');
  const over = yield* overTwice(options, {
    what: 'threshold',
    dimensions: askable(options),
    before: smoke,
  });
  yield* keysIn(over.lines, options);
  const headers = judgeQuotaHeaders(over.burst, quota);
  yield typeof headers === 'string'
    ? leftOut('quota headers', 'over', headers)
    : concluded('quota headers', 'over', headers);
  if (over.isEscalated) return;
  await wait(quota.windowMs, undefined, { signal });
  const under = yield* scenario(options, 'under');
  yield concluded('nobody refused below the quota', 'under', judgeUnder(under, quota));
  const all = [...smoke, ...over.lines, ...under];
  yield* servedOrLimited('throughout', 'under', all);
  if (options.suite !== 'nightly') return;
  const isCalm = yield* nightly(options);
  if (isCalm) yield* stressScenarios(options);
}

/** What the limiter counts by: one outcome for each dimension. */
function* keysIn(lines: readonly TraceLine[], options: LoadOptions): Generator<Outcome> {
  for (const dimension of dimensionNames) {
    const obstacle = obstacleTo(dimension, options);
    const judged = obstacle === undefined ? judgeKey(dimension, lines, options.quota) : undefined;
    const what = `key ${dimension}`;
    if (obstacle !== undefined) yield leftOut(what, 'keys', ...obstacle);
    else if (typeof judged === 'string') yield leftOut(what, 'keys', judged);
    else if (judged !== undefined) yield concluded(what, 'keys', judged);
  }
}
