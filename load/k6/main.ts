// The script that k6 runs: one scenario per process, chosen by the task.
import type { Options } from 'k6/options';

import { scenarios } from './scenarios/index.ts';
import { task } from './task.ts';
import type { TraceEnd } from './trace.ts';

const scenario = scenarios[task.scenario];

export const options: Options = {
  scenarios: { [task.scenario]: { ...scenario.executor(task), exec: 'run' } },
  // Both size the pool of idle connections; with the defaults a second burst dials anew.
  batch: 60,
  batchPerHost: 60,
};

export async function run(): Promise<void> {
  await scenario.run(task);
}

export function teardown(): void {
  const { scenario: end, baseUrl, client, limit, windowMs, cluster } = task;
  const runner = cluster && { cluster: { ...cluster, of: Math.random() } };
  console.log(JSON.stringify({ end, baseUrl, client, limit, windowMs, ...runner } satisfies TraceEnd));
}
