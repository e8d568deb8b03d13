import { setTimeout as wait } from 'node:timers/promises';

import { parseRetryAfter, type Outcome, type Quota } from '../../contracts/index.ts';
import { FURTHER_CYCLES, LARGEST, type Part, type Shot } from '../k6/experiments.ts';
import type { TraceLine } from '../k6/trace.ts';
import { scenario, type LoadOptions } from '../run-scenario.ts';
import { concludeFrom, type Evident } from './conclude.ts';
import { expectedOf, type Cycle } from './identify.ts';

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

/** What identifying costs at most. */
export function planIdentify(
  quota: Quota,
  { restMs, restBetweenMs }: Pick<IdentifyOptions, 'restMs' | 'restBetweenMs'>,
): { requests: number; violations: number; durationMs: number } {
  return {
    requests: firstCost(quota) + FURTHER_CYCLES * furtherCost(LARGEST * quota.limit),
    violations: 1 + 2 * FURTHER_CYCLES,
    durationMs: restMs + (2 + FURTHER_CYCLES * 4) * quota.windowMs + (FURTHER_CYCLES - 1) * restBetweenMs,
  };
}

/** Runs cycles of experiments until one kind of limiter explains them, three further ones at most. Yields every exchange. */
export async function* identifyLimiter(options: IdentifyOptions): AsyncGenerator<Outcome, Evident> {
  const { quota, guard, signal, restMs, restBetweenMs, take, onCycle } = options;
  guard.ask('load');
  // From rest: what others sent before is not in the trace.
  await wait(restMs, undefined, { signal });
  const documented = { limit: quota.limit, window: quota.windowMs / 1000 };
  const cycles: Cycle[] = [];
  let [lost, over] = [0, 0];
  for (let turn = -1; turn < FURTHER_CYCLES; turn++) {
    if (turn > 0) await wait(restBetweenMs, undefined, { signal });
    const { identification } = concludeFrom({ cycles, lost }, documented);
    const expected = expectedOf(cycles, documented, identification);
    take(turn < 0 ? firstCost(quota) : furtherCost(expected.limit));
    const cycle = turn < 0 ? undefined : { turn, over, ...expected };
    const lines = yield* scenario(options, 'identify', cycle === undefined ? {} : { cycle });
    const shots = lines.flatMap((line) => shotOf(line) ?? []);
    cycles.push(shots);
    lost += lines.length - shots.length;
    over = Math.max(...lines.map(({ receivedAt }) => receivedAt)) / 1000;
    await onCycle({ cycles, lost });
    const { ended } = concludeFrom({ cycles, lost }, documented);
    if (ended !== 'all tried') break;
  }
  return { cycles, lost };
}

/** The clock of the trace has milliseconds. */
const TICK_S = 0.001;
/** What says nothing of the limiter: a connection that broke, a gateway, a service that fails, a token that ended. */
const SILENT = [0, 401, 408, 500, 502, 503, 504];

function shotOf({ phase, status, sentAt, receivedAt, retryAfter, date }: TraceLine): Shot | undefined {
  if (SILENT.includes(status)) return undefined;
  const told = retryAfter === null ? undefined : parseRetryAfter(retryAfter, date ?? undefined);
  const seconds = status === 429 ? told?.seconds : undefined;
  return {
    part: phase as Part,
    sent: sentAt / 1000,
    received: receivedAt / 1000 + TICK_S,
    ok: status !== 429,
    ...(seconds !== undefined && seconds >= 0 && { wait: seconds }),
    ...(told?.form === 'date' && { slack: 1 }),
  };
}
