import { read } from '../send.ts';
import { UNDER_SHARE, UNDER_WINDOWS } from '../under-plan.ts';
import type { Scenario } from './scenario.ts';

/** Evenly below the quota, open loop, so that a stalling service cannot slow the load down. */
export const under: Scenario = {
  executor: ({ limit, windowMs, windows = UNDER_WINDOWS }) => ({
    executor: 'constant-arrival-rate',
    rate: Math.max(1, Math.floor(limit * UNDER_SHARE)),
    timeUnit: `${windowMs}ms`,
    duration: `${windowMs * windows}ms`,
    preAllocatedVUs: 20,
    maxVUs: 20,
    gracefulStop: '15s',
  }),
  async run() {
    await read('under', 'accept-or-limited');
  },
};
