import type { ReadableType } from '../../../core/index.ts';
import { pauseMs } from '../answer.ts';
import { BACK_READS, PATIENCE, POLLED_WINDOWS, POLLS_A_WINDOW } from '../recover-plan.ts';
import { read } from '../send.ts';
import { READ_BACK } from '../trace.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/**
 * Says nothing until the promised time and asks once; and once before, where the promise is to be tested. Refused, it waits
 * as told, and at last it polls. Then it looks what was stored.
 */
export const recover: Scenario = {
  executor: ({ windowMs }) => alone(180 + (16 * windowMs) / 1000),
  async run({ probesAt, windowMs, writes, types }) {
    const isServed = await untilServed(probesAt, windowMs);
    if (isServed && writes) await readBack(types[0], windowMs);
  },
};

/** A bucket may have given its only place to the probe. */
async function readBack(type: ReadableType | undefined, windowMs: number): Promise<void> {
  let next = 0;
  for (let turn = 0; turn < BACK_READS; turn++) {
    await waitUntil(next);
    const answer = await read(READ_BACK, 'accept-or-limited', type);
    if (answer.status !== 429) return;
    next = Date.now() + pauseMs(answer, windowMs);
  }
}

async function untilServed(probesAt: readonly number[], windowMs: number): Promise<boolean> {
  let toldAt = 0;
  for (const [index, time] of probesAt.entries()) {
    await waitUntil(Math.max(time, toldAt));
    const answer = await read(index === probesAt.length - 1 ? 'recover' : 'test', 'accept-or-limited');
    if (answer.status === 200) return true;
    toldAt = Date.now() + pauseMs(answer, windowMs);
  }
  return waitAsTold(toldAt, windowMs);
}

async function waitAsTold(toldAt: number, windowMs: number): Promise<boolean> {
  const until = Date.now() + POLLED_WINDOWS * windowMs;
  let next = toldAt;
  for (let turn = 1; turn === 1 || Date.now() < until; turn++) {
    await waitUntil(next);
    const answer = await read('again', 'accept-or-limited');
    if (answer.status === 200) return true;
    const pause = turn < PATIENCE ? pauseMs(answer, windowMs) : windowMs / POLLS_A_WINDOW;
    next = Date.now() + pause;
  }
  return false;
}
