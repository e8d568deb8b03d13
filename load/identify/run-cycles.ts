import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome, Quota } from '../../contracts/index.ts';
import { BudgetSpentError } from '../../contracts/target/index.ts';
import { askable } from '../askable.ts';
import { answerIn } from '../k6/answer.ts';
import { BURST, DRAIN, ONE_BY_ONE } from '../k6/burst-plan.ts';
import { COUNTDOWN } from '../k6/countdown.ts';
import { AGREEING, dimensionNames, drainsAt, MOST_CLOSING, VOLLEY } from '../k6/dimensions.ts';
import { FURTHER_CYCLES, LARGEST, type Part, type Shot } from '../k6/experiments.ts';
import { isTelling, shotOf } from '../k6/shot.ts';
import type { TraceLine } from '../k6/trace.ts';
import { UNDER_WINDOWS } from '../k6/under-plan.ts';
import { scenario, type LoadOptions } from '../run-scenario.ts';
import type { Told } from '../verdicts/keys.ts';
import { plannedUnder } from '../verdicts/under.ts';
import { concludeFrom, isOpen, type Evident } from './conclude.ts';
import { expectedOf, type Cycle, type Ranked } from './identify.ts';

export interface IdentifyOptions extends LoadOptions {
  /** Milliseconds of rest before the third cycle and each further one: limiters that escalate count violated intervals. */
  readonly restBetweenMs: number;
  /** Asked for the requests of a cycle before it is sent. @throws where there are not so many left */
  readonly take: (requests: number) => void;
  /** Told everything that was seen, after each cycle. */
  readonly onCycle: (seen: Evident) => Promise<void>;
}

/** Requests of a cycle that are no part of its bursts, at most. */
const PROBES = 60;

const firstCost = ({ limit }: Quota): number => 3 * limit + PROBES;
const furtherCost = (limit: number): number => Math.ceil(2.8 * limit) + PROBES;

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
  return {
    requests:
      firstCost(quota) +
      FURTHER_CYCLES * furtherCost(most) +
      keysCost(most, dimensionNames.length, drainsAt(isRemote)) +
      sustainCost(most),
    violations: 2 + 2 * FURTHER_CYCLES + drainsAt(isRemote),
    durationMs:
      restMs +
      (2 + FURTHER_CYCLES * 4 + 6 + 1.5 * UNDER_WINDOWS) * quota.windowMs +
      (FURTHER_CYCLES + 1) * restBetweenMs,
  };
}

/**
 * Runs cycles of experiments until one kind of limiter explains them, three further ones at most; and where it is known,
 * asks what it counts by and whether it is the only one. Yields every exchange.
 */
export async function* identifyLimiter(options: IdentifyOptions): AsyncGenerator<Outcome, Evident> {
  const { quota, guard, signal, restMs, restBetweenMs, take, onCycle } = options;
  guard.ask('load');
  // From rest: what others sent before is not in the trace.
  await wait(restMs, undefined, { signal });
  const documented = { limit: quota.limit, window: quota.windowMs / 1000 };
  const cycles: Cycle[] = [];
  let [lost, over] = [0, 0];
  let known = concludeFrom({ cycles, lost }, documented);
  for (let turn = -1; turn < FURTHER_CYCLES && isOpen(known, cycles); turn++) {
    if (turn > 0) await wait(restBetweenMs, undefined, { signal });
    const expected = expectedOf(cycles, documented, known.identification);
    take(turn < 0 ? firstCost(quota) : furtherCost(expected.limit));
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
  const { quota, signal, restBetweenMs, take } = options;
  const rest = Math.max(restBetweenMs, 2 * quota.windowMs);
  // Identifying writes nothing.
  const dimensions = askable(options).filter((dimension) => dimension !== 'operation');
  try {
    take(sustainCost(quota.limit) + keysCost(quota.limit, dimensions.length, drainsAt(options.isRemote)));
  } catch (error) {
    // What is known of the limiter is not lost to a budget.
    if (error instanceof BudgetSpentError) return {};
    throw error;
  }
  await wait(rest, undefined, { signal });
  const below = yield* scenario(options, 'under');
  const told = below.filter(({ status }) => isTelling(status));
  const isWhole = told.length >= plannedUnder(quota);
  const sustained = { sent: told.length, refused: told.filter(({ status }) => status === 429).length };
  await wait(rest, undefined, { signal });
  const lines = yield* scenario(options, 'over', { dimensions });
  const keys = lines.map(({ phase, status, sentAt, receivedAt, retryAfter, date, dialled }): Told => ({
    phase,
    ...(dialled && { dialled }),
    status,
    sentAt,
    receivedAt,
    retryAfter,
    date,
  }));
  return { ...(isWhole && { sustained }), keys };
}

/** The clock of the trace has milliseconds. */
const TICK_S = 0.001;
function shotIn({ phase, sentAt, receivedAt, retryAfter, date, status }: TraceLine): Shot | undefined {
  if (!isTelling(status)) return undefined;
  const times = { sent: sentAt / 1000, received: receivedAt / 1000 + TICK_S };
  return shotOf(phase as Part, times, answerIn({ status, retryAfter, date }));
}
