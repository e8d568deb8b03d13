import { parallelCount } from '../nightly-plan.ts';
import { read } from '../send.ts';
import { alone, type Scenario } from './scenario.ts';

/** More than the quota, all at once: whoever counts only after answering lets too many through. */
export const parallel: Scenario = {
  executor: () => alone(60),
  async run({ limit }) {
    await Promise.all(
      Array.from({ length: parallelCount(limit) }, () => read('parallel', 'accept-or-limited')),
    );
  },
};
