import { setTimeout as wait } from 'node:timers/promises';

import { parseRetryAfter, type Outcome, type Quota } from '../../contracts/index.ts';
import { FURTHER_CYCLES, type Part, type Shot } from '../k6/experiments.ts';
import type { TraceLine } from '../k6/trace.ts';
import { scenario, type LoadOptions } from '../run-scenario.ts';
import { expectedOf, identify, type Cycle, type Identification } from './identify.ts';

/** What the experiments gave, and why there were no more. */
export interface Identified {
  readonly cycles: readonly Cycle[];
  /** Undefined where nothing was refused. */
  readonly identification: Identification | undefined;
  readonly ended: 'certain' | 'unlimited' | 'all tried' | 'escalated' | 'too much lost';
}

export interface IdentifyOptions extends LoadOptions {
  /** Milliseconds of rest before the third cycle and each further one: limiters that escalate count violated intervals. */
  readonly restBetweenMs: number;
}

/** Answers that do not tell what the limiter decided may be so many, as a share. */
const LOST = 0.02;
/** A promise of so many windows is no window any more. */
const ESCALATION = 3;

/** What identifying costs at most. */
export function planIdentify({ limit, windowMs }: Quota): {
  requests: number;
  violations: number;
  durationMs: number;
} {
  const first = Math.ceil(1.5 * limit) + 30;
  const further = Math.ceil(2.4 * limit) + 50;
  return {
    requests: first + FURTHER_CYCLES * further,
    violations: 1 + 2 * FURTHER_CYCLES,
    durationMs: (2 + FURTHER_CYCLES * 4) * windowMs,
  };
}

/** Runs cycles of experiments until one kind of limiter explains them, three further ones at most. Yields every exchange. */
export async function* identifyLimiter(options: IdentifyOptions): AsyncGenerator<Outcome, Identified> {
  const { quota, guard, signal, restBetweenMs } = options;
  guard.ask('load');
  const documented = { limit: quota.limit, window: quota.windowMs / 1000 };
  const cycles: Cycle[] = [];
  let identification: Identification | undefined;
  let over = 0;
  for (let turn = -1; turn < FURTHER_CYCLES; turn++) {
    if (turn > 0) await wait(restBetweenMs, undefined, { signal });
    const cycle = turn < 0 ? undefined : { turn, over, ...expectedOf(cycles, documented, identification) };
    const lines = yield* scenario(options, 'identify', cycle === undefined ? {} : { cycle });
    const shots = lines.flatMap((line) => shotOf(line) ?? []);
    cycles.push(shots);
    over = Math.max(...lines.map(({ receivedAt }) => receivedAt)) / 1000;
    if (lines.length - shots.length > LOST * lines.length)
      return { cycles, identification, ended: 'too much lost' };
    if (turn < 0 && shots.every(({ ok }) => ok)) return { cycles, identification, ended: 'unlimited' };
    if (turn >= 0) identification = identify(cycles);
    if (identification !== undefined && identification.certainty !== 'inconclusive')
      return { cycles, identification, ended: 'certain' };
    const isEscalated = shots.some((shot) => (shot.wait ?? 0) > ESCALATION * documented.window);
    if (isEscalated) return { cycles, identification, ended: 'escalated' };
  }
  return { cycles, identification, ended: 'all tried' };
}

/** The clock of the trace has milliseconds. */
const TICK_S = 0.001;
/** What says nothing of the limiter: a connection that broke, a gateway, a service that fails, a token that ended. */
const SILENT = [0, 401, 408, 500, 502, 503, 504];

function shotOf({ phase, status, sentAt, receivedAt, retryAfter, date }: TraceLine): Shot | undefined {
  if (SILENT.includes(status)) return undefined;
  const seconds = retryAfter === null ? undefined : parseRetryAfter(retryAfter, date ?? undefined)?.seconds;
  return {
    part: phase as Part,
    sent: sentAt / 1000,
    received: receivedAt / 1000 + TICK_S,
    ok: status !== 429,
    ...(status === 429 && seconds !== undefined && seconds >= 0 && { wait: seconds }),
  };
}
