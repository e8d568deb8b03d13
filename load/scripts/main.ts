// The script that k6 runs: one scenario per process, selected by the task.
import type { Options } from 'k6/options';

import { scenarios } from './scenarios/index.ts';
import { task } from './task.ts';
import type { TraceEnd, TraceStart } from './trace.ts';

const scenario = scenarios[task.scenario];
const executor = scenario.executor(task);
/** k6 interrupts a long iteration without an error, so a scenario with a single user writes its end itself. */
const hasSingleUser = 'vus' in executor && executor.vus === 1;

export const options: Options = {
  scenarios: { [task.scenario]: { ...executor, exec: 'run' } },
  // These options also limit idle connections. With the defaults a second burst would open new connections.
  batch: 60,
  batchPerHost: 60,
};

export async function run(): Promise<void> {
  await scenario.run(task);
  if (hasSingleUser) writeEnd();
}

export function setup(): void {
  const { scenario: start, baseUrl, managedClient, limit, windowMs, cluster } = task;
  if (cluster === undefined) return;
  const line: TraceStart = { start, baseUrl, managedClient, limit, windowMs, ...cluster };
  console.log(JSON.stringify(line));
}

export function teardown(): void {
  if (!hasSingleUser) writeEnd();
}

function writeEnd(): void {
  console.log(JSON.stringify({ end: task.scenario, process: Math.random() } satisfies TraceEnd));
}
