import { burst } from '../burst.ts';
import { askKeys } from '../keys.ts';
import { alone, type Scenario } from './scenario.ts';

/** A burst from rest that ends when a 429 was received; and, while the quota is used up, what else it counts for. */
export const over: Scenario = {
  executor: () => alone(90),
  async run(task) {
    const { index = 0 } = task.segment ?? {};
    if ((await burst('over', task)) && index === 0) await askKeys(task);
  },
};
