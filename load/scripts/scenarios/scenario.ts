import type { Scenario as K6Scenario } from 'k6/options';

import type { LoadTask } from '../trace.ts';

/** How a scenario runs in k6, and what one iteration does. */
export interface Scenario {
  executor(task: LoadTask): K6Scenario;
  run(task: LoadTask): Promise<void>;
}

/** As many users as there are requests within the longest answer that is borne. @param perMs requests a millisecond */
export function usersFor(perMs: number): number {
  return Math.ceil(Math.max(20, perMs * LONGEST_MS));
}

const LONGEST_MS = 2000;

/** One virtual user, one iteration: the scenario paces itself with timers and sees all its exchanges in order. */
export function alone(maxSeconds: number): K6Scenario {
  return { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: `${maxSeconds}s` };
}
