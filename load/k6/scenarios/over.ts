import { burst } from '../burst.ts';
import { askKeys } from '../keys.ts';
import { alone, type Scenario } from './scenario.ts';

/** A burst from rest that ends when a 429 was received; and, while the quota is used up, what else it counts for. */
export const over: Scenario = {
  executor: () => alone(90),
  async run(task) {
    if (await burst('over', task)) await askKeys(task);
  },
};
