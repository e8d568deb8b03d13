import { read } from '../send.ts';
import { alone, type Scenario } from './scenario.ts';

/** A fifth more than the quota, all at once: whoever counts only after answering lets too many through. */
export const parallel: Scenario = {
  executor: () => alone(60),
  async run({ limit }) {
    const count = Math.ceil(limit * 1.2);
    await Promise.all(Array.from({ length: count }, () => read('parallel', 'accept-or-limited')));
  },
};
