import type { ReadableType } from '../../../core/index.ts';
import {
  MAX_ANNOUNCED_WAITS,
  MAX_POLLED_WINDOWS,
  MAX_READ_BACKS,
  RECOVERY_TIMEOUT_WINDOWS,
  POLLS_PER_WINDOW,
  scenarioTimeoutS,
} from '../../timing.ts';
import { waitMs } from '../requests/retry-delay.ts';
import { read } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import { isAllowed, isThrottled, READ_BACK } from '../trace.ts';
import { singleUser, type Scenario } from './scenario.ts';

/**
 * Sends a probe at each given time. If the last one is throttled, it waits as announced, and finally polls. After the
 * recovery it reads what was stored.
 */
export const recovery: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(RECOVERY_TIMEOUT_WINDOWS, windowMs, 180)),
  async run({ probesAt, windowMs, canWrite, types }) {
    const hasRecovered = await probe(probesAt, windowMs);
    if (hasRecovered && canWrite) await readBack(types[0], windowMs);
  },
};

/** Reads until a read is allowed: a bucket may have given its only permit to the probe. */
async function readBack(type: ReadableType | undefined, windowMs: number): Promise<void> {
  let next = 0;
  for (let turn = 0; turn < MAX_READ_BACKS; turn++) {
    await waitUntil(next);
    const exchange = await read(READ_BACK, 'accept-or-limited', type);
    if (!isThrottled(exchange)) return;
    next = Date.now() + waitMs(exchange, windowMs);
  }
}

/** @returns whether a probe was allowed */
async function probe(times: readonly number[], windowMs: number): Promise<boolean> {
  let announcedTime = 0;
  for (const [index, time] of times.entries()) {
    await waitUntil(Math.max(time, announcedTime));
    const step = index === times.length - 1 ? 'probe' : 'early-probe';
    const exchange = await read(step, 'accept-or-limited');
    if (isAllowed(exchange)) return true;
    announcedTime = Date.now() + waitMs(exchange, windowMs);
  }
  return retry(announcedTime, windowMs);
}

async function retry(firstTime: number, windowMs: number): Promise<boolean> {
  const until = Date.now() + MAX_POLLED_WINDOWS * windowMs;
  let next = firstTime;
  for (let turn = 1; turn === 1 || Date.now() < until; turn++) {
    await waitUntil(next);
    const exchange = await read('retry', 'accept-or-limited');
    if (isAllowed(exchange)) return true;
    const pause = turn < MAX_ANNOUNCED_WAITS ? waitMs(exchange, windowMs) : windowMs / POLLS_PER_WINDOW;
    next = Date.now() + pause;
  }
  return false;
}
