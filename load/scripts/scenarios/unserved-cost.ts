import { UNKNOWN_ID } from '../../../core/index.ts';
import { forgedRequests, MAX_BURST_QUOTAS, notFoundRequests, scenarioTimeoutS } from '../../timing.ts';
import { sendBurst } from '../limiter/burst.ts';
import { read, type RequestVariant } from '../requests/send.ts';
import { waitForStart } from '../requests/wait.ts';
import { singleUser, type Scenario } from './scenario.ts';

/**
 * A burst with requests in the middle that are answered 401 and 404. Fewer allowed requests in the burst are the cost of
 * those requests; more allowed requests mean that they reset the limiter.
 */
export const unservedCost: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(3, windowMs)),
  async run(task) {
    await waitForStart(task);
    const middle = Math.floor(task.limit / 2);
    await sendBurst('unserved-cost', task, [0, middle]);
    const variants: RequestVariant[] = [
      ...Array.from({ length: notFoundRequests(task.limit) }, () => ({ managedClient: UNKNOWN_ID })),
      ...Array.from({ length: forgedRequests(task.limit) }, () => ({ token: 'forged' as const })),
    ];
    await Promise.all(variants.map((variant) => read('unserved', 'either-or-limited', undefined, variant)));
    await sendBurst('unserved-cost', task, [middle, MAX_BURST_QUOTAS * task.limit]);
  },
};
