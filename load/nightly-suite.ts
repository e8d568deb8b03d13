import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome, Quota } from '../contracts/index.ts';
import { boundaryCount, forgedCount, notFoundCount, parallelCount } from './k6/nightly-plan.ts';
import { BURST } from './k6/burst-plan.ts';
import type { TraceLine } from './k6/trace.ts';
import {
  backAtIn,
  overTwice,
  RECOVERY_REQUESTS,
  secondRestMs,
  secondTurn,
  type LoadPlan,
} from './over-and-back.ts';
import { concluded, leftOut, scenario, type LoadOptions } from './run-scenario.ts';
import { isWorthAnother, judgeCharges, shownByBurst, type Shown } from './verdicts/charged.ts';
import { isOvercrowded, areEnough, judgeBoundary, judgeParallel } from './verdicts/crowded.ts';
import { probeTimes } from './verdicts/recovery.ts';
import { countBefore, type Count } from './verdicts/threshold.ts';
import { judgeUnder, plannedUnder } from './verdicts/under.ts';

/** Bursts after the first one. */
const LATER_BURSTS = 2;
/** Windows of load below the quota: a second limit over a longer time shows. */
const SUSTAINED_WINDOWS = 7;

/** What the experiments of a nightly run cost at most, beyond those of every run. */
export function planNightly(quota: Quota, restBetweenMs: number): LoadPlan {
  const { limit, windowMs } = quota;
  const burst = BURST * limit;
  const unserved = notFoundCount(limit) + forgedCount(limit);
  // Each may be made twice: what is not as promised is looked at again.
  const twice = LATER_BURSTS * (burst + RECOVERY_REQUESTS) + parallelCount(limit) + unserved + burst;
  return {
    requests:
      2 * (twice + boundaryCount(limit)) + RECOVERY_REQUESTS + plannedUnder(quota, SUSTAINED_WINDOWS) + 1,
    writes: 0,
    violations: 2 * (LATER_BURSTS + 3),
    durationMs: (2 * LATER_BURSTS + 6) * (restBetweenMs + windowMs) + SUSTAINED_WINDOWS * windowMs,
  };
}

/**
 * What only a long night has time for: later windows, requests all at once, both sides of the end of a window, what
 * unserved requests cost, and a long time below the quota.
 * @returns false where the target escalated, and was left alone
 */
export async function* nightly(options: LoadOptions): AsyncGenerator<Outcome, boolean> {
  const { quota, signal, restBetweenMs } = options;
  const rest = (): Promise<void> => wait(restBetweenMs, undefined, { signal });
  let later: readonly TraceLine[] = [];
  for (let turn = 0; turn < LATER_BURSTS; turn++) {
    await rest();
    const what = 'threshold of a later window';
    const { burst, isEscalated } = yield* overTwice(options, { what, dimensions: [], before: [] });
    if (isEscalated) return false;
    later = burst;
  }
  const from = countBefore(later, quota);
  yield* allAtOnce(options, from, rest);
  await rest();
  const boundary = yield* scenario(options, 'boundary');
  yield concluded('end of a window', 'boundary', judgeBoundary(boundary, quota));
  yield* unserved(options, from, rest);
  await rest();
  const windows = SUSTAINED_WINDOWS;
  const sustained = yield* scenario(options, 'under', { windows });
  yield concluded(
    'nobody refused in a long time below the quota',
    'under',
    judgeUnder(sustained, quota, windows),
  );
  return true;
}

type Rest = () => Promise<void>;

async function* allAtOnce(options: LoadOptions, { line }: Count, rest: Rest): AsyncGenerator<Outcome> {
  const { quota } = options;
  const isOver = (lines: readonly TraceLine[]): boolean => isOvercrowded(lines, quota, line);
  const bursts: TraceLine[][] = [];
  do {
    await rest();
    bursts.push(yield* scenario(options, 'parallel'));
  } while (bursts.length < 2 && bursts.every(isOver));
  const what = 'requests all at once';
  yield bursts.some((lines) => areEnough(lines, quota, line))
    ? concluded(what, 'parallel', judgeParallel(bursts, quota, line))
    : leftOut(what, 'parallel', 'bucket-gives-back');
}

/** Asked again, when a window has begun, where forged tokens seem to cost or the limiter seems to forget. */
async function* unserved(options: LoadOptions, from: Count, rest: Rest): AsyncGenerator<Outcome> {
  const { quota, signal } = options;
  const shown: Shown[] = [];
  await rest();
  let turn: ReturnType<typeof secondTurn> = {};
  for (;;) {
    const lines = yield* scenario(options, 'charged', turn);
    const one = shownByBurst(lines, from, quota);
    shown.push(one);
    if (shown.length > 1 || !isWorthAnother(one)) break;
    const probes = yield* scenario(options, 'recover', { probesAt: probeTimes(lines, options) });
    turn = secondTurn(backAtIn(probes), quota);
    await wait(secondRestMs(options), undefined, { signal });
  }
  const what = 'what unserved requests cost';
  const judged = judgeCharges(shown, quota);
  yield judged.measured['forgedCounts'] === null && judged.remarks.length === 0
    ? leftOut(what, 'charged', 'counts-unclear')
    : concluded(what, 'charged', judged);
}
