import { read } from '../send.ts';
import { UNDER_SHARE, UNDER_WINDOWS } from '../under-plan.ts';
import { usersFor, type Scenario } from './scenario.ts';

/** Evenly below the quota, open loop, so that a stalling service cannot slow the load down. */
export const under: Scenario = {
  executor: ({ limit, windowMs, windows = UNDER_WINDOWS }) => ({
    executor: 'constant-arrival-rate',
    rate: Math.max(1, Math.floor(limit * UNDER_SHARE)),
    timeUnit: `${windowMs}ms`,
    duration: `${windowMs * windows}ms`,
    preAllocatedVUs: usersFor(limit / windowMs),
    maxVUs: usersFor(limit / windowMs),
    gracefulStop: '15s',
  }),
  async run() {
    await read('under', 'accept-or-limited');
  },
};
