import { UNKNOWN_ID } from '../../../core/index.ts';
import { burst } from '../burst.ts';
import { BURST } from '../burst-plan.ts';
import { forgedCount, notFoundCount } from '../nightly-plan.ts';
import { read, type Variant } from '../send.ts';
import { waitForTurn } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/**
 * A burst, and in the middle of it requests that are not served: what the burst lacks, they have cost; and what it gets
 * beyond the quota, they made the limiter forget.
 */
export const charged: Scenario = {
  executor: ({ windowMs }) => alone(90 + (3 * windowMs) / 1000),
  async run(task) {
    await waitForTurn(task);
    const middle = Math.floor(task.limit / 2);
    await burst('charged', task, [0, middle]);
    const unserved: Variant[] = [
      ...Array.from({ length: notFoundCount(task.limit) }, () => ({ client: UNKNOWN_ID })),
      ...Array.from({ length: forgedCount(task.limit) }, () => ({ token: 'forged' as const })),
    ];
    await Promise.all(unserved.map((variant) => read('unserved', 'either-or-limited', undefined, variant)));
    await burst('charged', task, [middle, BURST * task.limit]);
  },
};
