import { setTimeout as wait } from 'node:timers/promises';

import { doubt, type Outcome, type Quota } from '../../core/index.ts';
import { isLeftAlone } from './escalation.ts';
import { COUNTDOWN } from '../scripts/countdown.ts';
import type { Dimension } from '../scripts/dimensions.ts';
import { MOST_RECOVERING } from '../scripts/recover-plan.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { concluded, leftOut, scenario, type LoadOptions } from '../runner/run-scenario.ts';
import { latestPromise, promiseOf, standing } from '../analysis/promise.ts';
import { judgeReceding } from '../analysis/receding.ts';
import { judgeRecovery, probeTimes } from '../analysis/recovery.ts';
import { judgeRefusedWrites } from '../analysis/refused-writes.ts';
import { countBefore, isBucket, isLow, isSuspicious, judgeThreshold } from '../analysis/threshold.ts';

export interface LoadPlan {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  /** Where the target is back as promised. */
  readonly durationMs: number;
}

/** Requests that find out when a burst is promised to be forgotten, when it is, and what was stored. */
export const RECOVERY_REQUESTS = COUNTDOWN + MOST_RECOVERING;
/** A second burst begins at this share of a window: none ends in its middle, whether by the clock or by a first request. */
const WITHIN = 0.3;

/** Milliseconds of whole windows between the recovery from one burst and a second one. */
export function secondRestMs({
  quota: { windowMs },
  isRemote,
  restBetweenMs,
}: Pick<LoadOptions, 'quota' | 'isRemote' | 'restBetweenMs'>): number {
  return (isRemote ? Math.ceil(restBetweenMs / windowMs) : 1) * windowMs;
}

/** When a second burst begins: the service came back when a window began. */
export function secondTurn(backAt: number | undefined, quota: Quota): { readonly beginsAt?: number } {
  return backAt === undefined ? {} : { beginsAt: backAt + WITHIN * quota.windowMs };
}

/** When the service came back, milliseconds since the epoch. */
export function backAtIn(probes: readonly TraceLine[]): number | undefined {
  return probes.find(({ status }) => status === 200)?.receivedAt;
}

export interface Over {
  readonly lines: readonly TraceLine[];
  /** The burst alone. */
  readonly burst: readonly TraceLine[];
  /** A window was promised, and over before anybody looked whether that is true. */
  readonly isUntested: boolean;
  /** When it was served again, milliseconds since the epoch. */
  readonly backAt: number | undefined;
  /** The target blocks for longer than any window, and is left alone. */
  readonly isEscalated: boolean;
}

/** A burst, and a second one where the first was refused too early or too late, or nobody looked whether a promise is kept. */
export async function* overTwice(
  options: LoadOptions,
  {
    what,
    dimensions,
    before,
  }: { what: string; dimensions: readonly Dimension[]; before: readonly TraceLine[] },
): AsyncGenerator<Outcome, Over> {
  const { quota, signal } = options;
  const first = yield* overAndBack(options, dimensions);
  const shown = [...before, ...first.burst];
  const count = countBefore(shown, quota);
  const needsSecond =
    count.limited && (isLow(count, quota) || isSuspicious(count, quota) || first.isUntested);
  if (first.isEscalated && isLow(count, quota)) {
    // Others may have used it: nobody knows before it has shown twice.
    const why = 'a burst that was refused too early was not made again';
    yield concluded(what, 'over', { remarks: [doubt('load.pacing', { why })], measured: {} });
    return first;
  }
  if (!needsSecond || first.isEscalated) {
    yield concluded(what, 'over', judgeThreshold(shown, undefined, quota));
    return first;
  }
  await wait(secondRestMs(options), undefined, { signal });
  const second = yield* overAndBack(options, [], secondTurn(first.backAt, quota));
  yield concluded(what, 'over', judgeThreshold(shown, second.burst, quota));
  const lines = [...first.lines, ...second.lines];
  // A window that ended in the middle of a burst let through what was no quota.
  const isLess = countBefore(second.burst, quota).accepted < count.accepted;
  return { ...second, lines, burst: isLess ? second.burst : first.burst };
}

async function* overAndBack(
  options: LoadOptions,
  dimensions: readonly Dimension[],
  turn: ReturnType<typeof secondTurn> = {},
): AsyncGenerator<Outcome, Over> {
  const { quota } = options;
  const lines = yield* scenario(options, 'over', { dimensions, ...turn });
  const burst = lines.filter(({ phase }) => phase === 'over');
  const over = { lines, burst, isEscalated: false, isUntested: false, backAt: undefined };
  if (burst.every(({ status }) => status !== 429)) return over;
  if (yield* isLeftAlone(options, lines)) return { ...over, isEscalated: true };
  const probes = yield* scenario(options, 'recover', { probesAt: probeTimes(lines, options) });
  yield concluded('recovery', 'recover', judgeRecovery(lines, probes, quota));
  yield* afterAsking(dimensions, { lines, probes, quota });
  const isWindow = lines.some((line) => promiseOf(line) !== undefined && !isBucket(line, quota));
  const isUntested = isWindow && latestPromise(standing(lines)) === undefined;
  const isEscalated = yield* isLeftAlone(options, probes);
  return { ...over, isUntested, isEscalated, backAt: backAtIn(probes) };
}

/** What shows only where much was refused. */
function* afterAsking(
  dimensions: readonly Dimension[],
  { lines, probes, quota }: { lines: readonly TraceLine[]; probes: readonly TraceLine[]; quota: Quota },
): Generator<Outcome> {
  if (dimensions.length === 0) return;
  yield concluded('promises count down', 'recover', judgeReceding(lines, quota));
  if (!dimensions.includes('operation')) return;
  const judged = judgeRefusedWrites([...lines, ...probes]);
  yield judged.measured['refusedWrites'] === 0
    ? leftOut('refused reports', 'recover', 'nothing-refused')
    : concluded('refused reports', 'recover', judged);
}
