import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome, Quota } from '../../core/index.ts';
import { BudgetSpentError } from '../../core/client/index.ts';
import { askable } from '../suites/partition-key-support.ts';
import { answerIn } from '../scripts/answer.ts';
import { BURST, DRAIN, ONE_BY_ONE } from '../scripts/burst-plan.ts';
import { COUNTDOWN } from '../scripts/countdown.ts';
import { AGREEING, dimensionNames, drainsAt, MOST_CLOSING, VOLLEY } from '../scripts/dimensions.ts';
import {
  FURTHER_CYCLES,
  LARGEST,
  mostProbes,
  type Expected,
  type Part,
  type Shot,
} from '../scripts/experiments.ts';
import { isTelling, shotOf } from '../scripts/shot.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { UNDER_WINDOWS } from '../scripts/under-plan.ts';
import { scenario, type LoadOptions } from '../runner/run-scenario.ts';
import type { Told } from '../analysis/keys.ts';
import { plannedUnder } from '../analysis/under.ts';
import { concludeFrom, isOpen, type Evident } from './conclude.ts';
import { expectedOf, type Cycle, type Ranked } from './identify.ts';

export interface IdentifyOptions extends LoadOptions {
  /** Milliseconds of rest before the third cycle and each further one: limiters that escalate count violated intervals. */
  readonly restBetweenMs: number;
  /** Asked for the requests of a cycle and the milliseconds it takes, before it is sent. @throws where there is not so much left */
  readonly take: (requests: number, durationMs: number) => void;
  /** Told why nothing more is asked, though that would tell more. */
  readonly onSpent: (why: string) => void;
  /** Told everything that was seen, after each cycle. */
  readonly onCycle: (seen: Evident) => Promise<void>;
}

/** Requests of the first cycle that are no part of its burst, at most. */
const PROBES = 60;
/** Windows that cycles last. */
const FIRST_WINDOWS = 2;
const FURTHER_WINDOWS = 4;

const firstCost = ({ limit }: Quota): number => BURST * limit + PROBES;
const furtherCost = ({ limit, window }: Expected): number => Math.ceil(3.5 * limit) + mostProbes(window);

/** Requests that say what it counts by, and whether a second limit lies behind it. */
const keysCost = (limit: number, dimensions: number, drains: number): number =>
  Math.ceil((BURST + ONE_BY_ONE + drains * DRAIN) * limit) +
  ((VOLLEY + 2) * (AGREEING * dimensions + drains) + AGREEING * MOST_CLOSING) +
  COUNTDOWN;
const sustainCost = (limit: number): number => plannedUnder({ limit, windowMs: 0 }) + 1;

/** What identifying costs at most. */
export function planIdentify(
  quota: Quota,
  { restMs, restBetweenMs, isRemote }: Pick<IdentifyOptions, 'restMs' | 'restBetweenMs' | 'isRemote'>,
): { requests: number; violations: number; durationMs: number } {
  const most = LARGEST * quota.limit;
  const slowest = (LARGEST * quota.windowMs) / 1000;
  return {
    requests:
      firstCost(quota) +
      FURTHER_CYCLES * furtherCost({ limit: most, window: slowest }) +
      keysCost(most, dimensionNames.length, drainsAt(isRemote)) +
      sustainCost(most),
    // A burst and what is free again, in every cycle; and a burst to ask what it counts by.
    violations: 2 + 2 * FURTHER_CYCLES + 1 + drainsAt(isRemote),
    durationMs:
      restMs +
      (FIRST_WINDOWS + FURTHER_CYCLES * FURTHER_WINDOWS + 6 + 1.5 * UNDER_WINDOWS) * quota.windowMs +
      (FURTHER_CYCLES + 1) * restBetweenMs,
  };
}

/**
 * Runs cycles of experiments until one kind of limiter explains them, three further ones at most; and where it is known,
 * asks what it counts by and whether it is the only one. Yields every exchange.
 */
export async function* identifyLimiter(options: IdentifyOptions): AsyncGenerator<Outcome, Evident> {
  const { quota, guard, signal, restMs, restBetweenMs, onCycle } = options;
  guard.ask('load');
  // From rest: what others sent before is not in the trace.
  await wait(restMs, undefined, { signal });
  const documented = { limit: quota.limit, window: quota.windowMs / 1000 };
  const cycles: Cycle[] = [];
  let [lost, over] = [0, 0];
  let known = concludeFrom({ cycles, lost }, documented);
  for (let turn = -1; turn < FURTHER_CYCLES && isOpen(known, cycles); turn++) {
    const expected = expectedOf(cycles, documented, known.identification);
    if (turn < 0) options.take(firstCost(quota), FIRST_WINDOWS * quota.windowMs);
    else if (!affords(options, furtherCost(expected), FURTHER_WINDOWS * 1000 * expected.window)) break;
    if (turn > 0) await wait(restBetweenMs, undefined, { signal });
    const cycle = turn < 0 ? undefined : { turn, over, ...expected };
    const lines = yield* scenario(options, 'identify', cycle === undefined ? {} : { cycle });
    const shots = lines.flatMap((line) => shotIn(line) ?? []);
    cycles.push(shots);
    lost += lines.length - shots.length;
    over = Math.max(...lines.map(({ receivedAt }) => receivedAt)) / 1000;
    await onCycle({ cycles, lost });
    known = concludeFrom({ cycles, lost }, documented);
  }
  const [first] = known.identification?.ranking ?? [];
  if (first === undefined || !(known.ended === 'certain' || known.ended === 'kind')) return { cycles, lost };
  const found = { limit: first.fit.limit, windowMs: 1000 * windowOf(first, cycles) };
  // What is much larger or slower than promised costs more than was consented to.
  const isDear = found.limit > LARGEST * quota.limit || found.windowMs > LARGEST * quota.windowMs;
  if (isDear) return { cycles, lost };
  const evident = { cycles, lost, ...(yield* askFurther({ ...options, quota: found })) };
  await onCycle(evident);
  return evident;
}

/** Is so much left? What is known of the limiter by now is not lost to a budget. */
function affords({ take, onSpent }: IdentifyOptions, requests: number, durationMs: number): boolean {
  try {
    take(requests, durationMs);
    return true;
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    onSpent(error.message);
    return false;
  }
}

/** Seconds in which a limiter gives everything back. What refusals restart tells its window only by its promises. */
function windowOf({ family, fit: { parameters, limit } }: Ranked, cycles: readonly Cycle[]): number {
  const { window = 1, rate } = parameters;
  if (rate !== undefined) return limit / rate;
  const told = cycles.flat().map(({ wait: promised = 0 }) => promised);
  return family === 'fixed-window-charged' ? Math.max(window, ...told.filter((one) => one <= 30)) : window;
}

/** @param options their quota is the one that was found */
async function* askFurther(
  options: IdentifyOptions,
): AsyncGenerator<Outcome, Pick<Evident, 'keys' | 'sustained'>> {
  const { quota, signal, restBetweenMs } = options;
  const rest = Math.max(restBetweenMs, 2 * quota.windowMs);
  // Identifying writes nothing.
  const dimensions = askable(options).filter((dimension) => dimension !== 'operation');
  const keys = keysCost(quota.limit, dimensions.length, drainsAt(options.isRemote));
  const lastsMs = 2 * rest + (UNDER_WINDOWS + 2) * quota.windowMs;
  if (!affords(options, sustainCost(quota.limit) + keys, lastsMs)) return {};
  await wait(rest, undefined, { signal });
  const below = yield* scenario(options, 'under');
  const telling = below.filter(({ status }) => isTelling(status));
  const isWhole = telling.length >= plannedUnder(quota);
  const refused = telling.filter(({ status }) => status === 429).length;
  const sustained = { sent: telling.length, refused };
  await wait(rest, undefined, { signal });
  const lines = yield* scenario(options, 'over', { dimensions });
  const told = lines.map(({ phase, status, sentAt, receivedAt, retryAfter, date, dialled }): Told => ({
    phase,
    ...(dialled && { dialled }),
    status,
    sentAt,
    receivedAt,
    retryAfter,
    date,
  }));
  return { ...(isWhole && { sustained }), keys: told };
}

/** The clock of the trace has milliseconds. */
const TICK_S = 0.001;
function shotIn({ phase, sentAt, receivedAt, retryAfter, date, status }: TraceLine): Shot | undefined {
  if (!isTelling(status)) return undefined;
  const times = { sent: sentAt / 1000, received: receivedAt / 1000 + TICK_S };
  return shotOf(phase as Part, times, answerIn({ status, retryAfter, date }));
}
