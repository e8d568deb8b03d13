import type { Scenario as K6Scenario } from 'k6/options';

import type { LoadTask } from '../load-task.ts';

export interface Scenario {
  executor(task: LoadTask): K6Scenario;
  /** One iteration. */
  run(task: LoadTask): Promise<void>;
}

/** A single user with a single iteration: the scenario schedules its requests itself and sees all exchanges in order. */
export function singleUser(timeoutS: number): K6Scenario {
  return { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: `${timeoutS}s` };
}
