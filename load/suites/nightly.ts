import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome, Quota } from '../../core/index.ts';
import { boundaryCount, forgedCount, notFoundCount, parallelCount } from '../scripts/nightly-plan.ts';
import { BURST } from '../scripts/burst-plan.ts';
import type { TraceLine } from '../scripts/trace.ts';
import {
  backAtIn,
  overTwice,
  RECOVERY_REQUESTS,
  secondRestMs,
  secondTurn,
  type LoadPlan,
} from './exceed-and-recover.ts';
import { blockedFor, isLeftAlone } from './escalation.ts';
import { concluded, leftOut, scenario, servedOrLimited, type LoadOptions } from '../runner/run-scenario.ts';
import { isWorthAnother, judgeCharges, shownByBurst } from '../analysis/charged.ts';
import { isOvercrowded, areEnough, judgeBoundary, judgeParallel } from '../analysis/crowded.ts';
import { probeTimes } from '../analysis/recovery.ts';
import { countBefore, type Count } from '../analysis/threshold.ts';
import { judgeUnder, plannedUnder } from '../analysis/under.ts';

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
  const { lines, isCalm } = yield* night(options);
  // What shows a forged token, or asks for what is not there, is not served.
  const plain = lines.filter(({ phase }) => phase !== 'unserved');
  yield* servedOrLimited('through the night', 'under', plain);
  return isCalm;
}

async function* night(
  options: LoadOptions,
): AsyncGenerator<Outcome, { lines: TraceLine[]; isCalm: boolean }> {
  const { quota, signal, restBetweenMs } = options;
  const rest = (): Promise<void> => wait(restBetweenMs, undefined, { signal });
  const lines: TraceLine[] = [];
  let later: readonly TraceLine[] = [];
  for (let turn = 0; turn < LATER_BURSTS; turn++) {
    await rest();
    const what = 'threshold of a later window';
    const over = yield* overTwice(options, { what, dimensions: [], before: [] });
    lines.push(...over.lines);
    if (over.isEscalated) return { lines, isCalm: false };
    later = over.burst;
  }
  const from = countBefore(later, quota);
  for (const experiment of [allAtOnce, bothSides, unserved, sustained]) {
    await rest();
    const sent = yield* experiment(options, { from, rest });
    lines.push(...sent);
    if (yield* isLeftAlone(options, sent)) return { lines, isCalm: false };
  }
  return { lines, isCalm: true };
}

interface Night {
  /** What the limiter let pass in a burst. */
  readonly from: Count;
  readonly rest: () => Promise<void>;
}

/** An experiment. @returns what was sent */
type Experiment = AsyncGenerator<Outcome, readonly TraceLine[]>;

async function* allAtOnce(options: LoadOptions, { from: { line }, rest }: Night): Experiment {
  const { quota } = options;
  const isOver = (lines: readonly TraceLine[]): boolean => isOvercrowded(lines, quota, line);
  const bursts = [yield* scenario(options, 'parallel')];
  if (bursts.every(isOver) && blockedFor(options, bursts.flat()) === undefined) {
    await rest();
    bursts.push(yield* scenario(options, 'parallel'));
  }
  const what = 'requests all at once';
  yield bursts.some((lines) => areEnough(lines, quota, line))
    ? concluded(what, 'parallel', judgeParallel(bursts, quota, line))
    : leftOut(what, 'parallel', 'bucket-gives-back');
  return bursts.flat();
}

async function* bothSides(options: LoadOptions): Experiment {
  const lines = yield* scenario(options, 'boundary');
  yield concluded('end of a window', 'boundary', judgeBoundary(lines, options.quota));
  return lines;
}

/** Asked again, when a window has begun, where forged tokens seem to cost or the limiter seems to forget. */
async function* unserved(options: LoadOptions, { from }: Night): Experiment {
  const { quota, signal } = options;
  const lines = yield* scenario(options, 'charged');
  const shown = [shownByBurst(lines, from, quota)];
  if (shown.every(isWorthAnother) && blockedFor(options, lines) === undefined) {
    const probes = yield* scenario(options, 'recover', { probesAt: probeTimes(lines, options) });
    await wait(secondRestMs(options), undefined, { signal });
    const again = yield* scenario(options, 'charged', secondTurn(backAtIn(probes), quota));
    shown.push(shownByBurst(again, from, quota));
    lines.push(...probes, ...again);
  }
  const what = 'what unserved requests cost';
  const judged = judgeCharges(shown, quota);
  yield judged.measured['forgedCounts'] === null && judged.remarks.length === 0
    ? leftOut(what, 'charged', 'counts-unclear')
    : concluded(what, 'charged', judged);
  return lines;
}

async function* sustained(options: LoadOptions): Experiment {
  const windows = SUSTAINED_WINDOWS;
  const lines = yield* scenario(options, 'under', { windows });
  const what = 'nobody refused in a long time below the quota';
  yield concluded(what, 'under', judgeUnder(lines, options.quota, windows));
  return lines;
}
