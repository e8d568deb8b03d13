// The script that k6 runs: one scenario per process, chosen by the task.
import type { Options } from 'k6/options';

import { scenarios } from './scenarios/index.ts';
import { task } from './task.ts';
import type { TraceEnd, TraceHead } from './trace.ts';

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

export function setup(): void {
  const { scenario: begin, baseUrl, client, limit, windowMs, cluster } = task;
  if (cluster === undefined) return;
  console.log(JSON.stringify({ begin, baseUrl, client, limit, windowMs, ...cluster } satisfies TraceHead));
}

export function teardown(): void {
  console.log(JSON.stringify({ end: task.scenario, of: Math.random() } satisfies TraceEnd));
}
