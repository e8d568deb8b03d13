import { BELOW_QUOTA_WINDOWS, belowQuotaRate, usersFor } from '../../timing.ts';
import { read } from '../requests/send.ts';
import type { Scenario } from './scenario.ts';

/** Evenly distributed load below the quota. */
export const belowQuota: Scenario = {
  executor: ({ limit, windowMs, windows = BELOW_QUOTA_WINDOWS }) => ({
    executor: 'constant-arrival-rate',
    rate: belowQuotaRate(limit),
    timeUnit: `${windowMs}ms`,
    duration: `${windowMs * windows}ms`,
    preAllocatedVUs: usersFor(limit / windowMs),
    maxVUs: usersFor(limit / windowMs),
    gracefulStop: '15s',
  }),
  async run() {
    await read('below-quota', 'accept-or-limited');
  },
};
