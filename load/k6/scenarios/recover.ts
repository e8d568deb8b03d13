import type { ReadableType } from '../../../contracts/index.ts';
import { toldBy } from '../answer.ts';
import { read } from '../send.ts';
import { READ_BACK } from '../trace.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

const PATIENCE = 6;
const POLL_MS = 500;
const BACK_READS = 3;

/** Says nothing until the promised time and asks once. Refused, it waits as told, and at last it polls. Then it looks what was stored. */
export const recover: Scenario = {
  executor: ({ windowMs }) => alone(180 + (8 * windowMs) / 1000),
  async run({ probesAt, windowMs, writes, types }) {
    await untilServed(probesAt, windowMs);
    if (writes) await readBack(types[0], windowMs);
  },
};

/** A bucket may have given its only place to the probe. */
async function readBack(type: ReadableType | undefined, windowMs: number): Promise<void> {
  for (let turn = 0; turn < BACK_READS; turn++) {
    const answer = await read(READ_BACK, 'accept-or-limited', type);
    if (answer.status !== 429) return;
    await waitUntil(Date.now() + Math.min((toldBy(answer)?.seconds ?? 1) * 1000, windowMs) + 20);
  }
}

async function untilServed(probesAt: readonly number[], windowMs: number): Promise<void> {
  let toldAt = 0;
  for (const [index, time] of probesAt.entries()) {
    await waitUntil(Math.max(time, toldAt));
    const answer = await read(index === probesAt.length - 1 ? 'recover' : 'test', 'accept-or-limited');
    if (answer.status === 200) return;
    toldAt = Date.now() + Math.min((toldBy(answer)?.seconds ?? 0) * 1000, 3 * windowMs) + 20;
  }
  await waitAsTold(Date.now() + 6 * windowMs, windowMs);
}

async function waitAsTold(until: number, windowMs: number): Promise<void> {
  let told = windowMs / 1000;
  for (let turn = 0; Date.now() < until; turn++) {
    const pause = turn < PATIENCE ? Math.min(told * 1000, 3 * windowMs) : POLL_MS;
    await waitUntil(Date.now() + pause);
    const answer = await read('again', 'accept-or-limited');
    if (answer.status === 200) return;
    told = toldBy(answer)?.seconds ?? 1;
  }
}
