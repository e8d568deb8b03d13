import { concurrentRequests } from '../../timing.ts';
import { read } from '../requests/send.ts';
import { singleUser, type Scenario } from './scenario.ts';

/** More requests than the quota at the same time. It reveals a limiter that counts requests late. */
export const concurrentBurst: Scenario = {
  executor: () => singleUser(60),
  async run({ limit }) {
    const count = concurrentRequests(limit);
    await Promise.all(Array.from({ length: count }, () => read('concurrent-burst', 'accept-or-limited')));
  },
};
