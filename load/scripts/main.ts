// The script that k6 runs: one scenario per process, chosen by the task.
import type { Options } from 'k6/options';

import { scenarios } from './scenarios/index.ts';
import { task } from './task.ts';
import type { TraceEnd, TraceHead } from './trace.ts';

const scenario = scenarios[task.scenario];
const executor = scenario.executor(task);
/** k6 cuts an iteration that takes too long, and says nothing: the only one there is tells its end itself. */
const isOnlyOne = 'vus' in executor && executor.vus === 1;

export const options: Options = {
  scenarios: { [task.scenario]: { ...executor, exec: 'run' } },
  // Both size the pool of idle connections; with the defaults a second burst dials anew.
  batch: 60,
  batchPerHost: 60,
};

export async function run(): Promise<void> {
  await scenario.run(task);
  if (isOnlyOne) sayEnd();
}

export function setup(): void {
  const { scenario: begin, baseUrl, client, limit, windowMs, cluster } = task;
  if (cluster === undefined) return;
  console.log(JSON.stringify({ begin, baseUrl, client, limit, windowMs, ...cluster } satisfies TraceHead));
}

export function teardown(): void {
  if (!isOnlyOne) sayEnd();
}

function sayEnd(): void {
  console.log(JSON.stringify({ end: task.scenario, of: Math.random() } satisfies TraceEnd));
}
