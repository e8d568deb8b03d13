// `npm run bench`: measures the judge in Node and in k6. Only ratios within one run are comparable.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { judge, type Exchange } from '../../core/index.ts';
import example from '../../fixtures/examples/managed-client-status.json' with { type: 'json' };
import { resolveK6 } from '../../load/index.ts';
import { median } from '../../load/analysis/statistics.ts';
import { runK6 } from '../../load/runner/k6-process.ts';
import { taskDefaults } from '../../load/runner/task-defaults.ts';
import type { LoadTask } from '../../load/scripts/load-task.ts';

const ROUNDS = 3;
const SECONDS = 4;
const modes = ['bare', 'trace', 'judge'] as const;

process.stdout.write(`judge in Node: ${Math.round(judgeInNode()).toLocaleString('en')} exchanges/s\n`);
await judgeInK6();

function judgeInNode(): number {
  const exchange: Exchange = {
    request: {
      method: 'GET',
      url: 'http://x/beta/managed-clients/a/status?type=CCG',
      headers: [],
      body: { kind: 'none' },
    },
    answer: {
      kind: 'response',
      status: 200,
      headers: [['Content-Type', 'application/json']],
      headerLines: 'separate',
      body: { kind: 'bytes', bytes: Buffer.from(JSON.stringify(example)) },
    },
    sentAt: 0,
    receivedAt: 1,
  };
  const intent = {
    operation: 'getManagedClientStatus',
    expectation: 'accept',
    isManagedClientKnown: true,
  } as const;
  const count = 100_000;
  for (let index = 0; index < count; index++) judge(exchange, intent);
  const from = performance.now();
  for (let index = 0; index < count; index++) judge(exchange, intent);
  return (count * 1000) / (performance.now() - from);
}

async function judgeInK6(): Promise<void> {
  const module = join(import.meta.dirname, '..', '..', 'load', 'k6-build');
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const binary = await resolveK6(
    { env: process.env, module, mirror: undefined },
    { say, tick: () => undefined },
  );
  const server = fork(join(import.meta.dirname, 'static-server.ts'));
  const port = await nextMessage(server);
  const rates: Record<(typeof modes)[number], number[]> = { bare: [], trace: [], judge: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of modes) rates[mode].push(await rateOf(mode, binary, port, server));
  }
  server.kill();
  for (const mode of modes) {
    const rate = median(rates[mode]);
    const toBare = (rate / median(rates.bare)).toFixed(2);
    const toTrace = (rate / median(rates.trace)).toFixed(2);
    process.stdout.write(
      `k6, ${mode}: ${Math.round(rate)} requests/s, ${toBare} of bare, ${toTrace} of trace\n`,
    );
  }
}

async function rateOf(
  mode: LoadTask['mode'],
  binary: string,
  port: number,
  server: ChildProcess,
): Promise<number> {
  const task: LoadTask = {
    ...taskDefaults,
    scenario: 'flood',
    baseUrl: `http://127.0.0.1:${port}`,
    managedClient: 'aClientId',
    types: ['VA'],
    limit: 100,
    windowMs: 10_000,
    canWrite: false,
    mode,
  };
  const script = join(import.meta.dirname, '..', '..', 'load', 'scripts', 'main.ts');
  const { signal } = new AbortController();
  const run = {
    binary,
    script,
    task,
    isFirst: false,
    secrets: { own: 'none' },
    mask: String,
    env: process.env,
    signal,
  };
  const problem = await runK6(run, () => undefined);
  if (problem !== undefined) throw new Error(problem);
  const requests = nextMessage(server);
  server.send('count');
  return (await requests) / SECONDS;
}

function nextMessage(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('message', (message) => resolve(Number(message))));
}
