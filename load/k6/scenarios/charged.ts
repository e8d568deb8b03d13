import { UNKNOWN_ID } from '../../../contracts/index.ts';
import { burst } from '../burst.ts';
import { forgedCount, notFoundCount } from '../nightly-plan.ts';
import { read, type Variant } from '../send.ts';
import { alone, type Scenario } from './scenario.ts';

/** Requests that are not served, and then the burst: what it lacks, they have cost. */
export const charged: Scenario = {
  executor: () => alone(90),
  async run(task) {
    const unserved: Variant[] = [
      ...Array.from({ length: notFoundCount(task.limit) }, () => ({ client: UNKNOWN_ID })),
      ...Array.from({ length: forgedCount(task.limit) }, () => ({ token: 'forged' as const })),
    ];
    await Promise.all(unserved.map((variant) => read('unserved', 'either-or-limited', undefined, variant)));
    await burst('charged', task);
  },
};
