// `npm run bench`: the judge in Node and in k6. Ratios within one run are what counts: machines differ, and so do moments.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { judge, type Exchange } from '../../core/index.ts';
import example from '../../fixtures/examples/managed-client-status.json' with { type: 'json' };
import { resolveK6 } from '../../load/index.ts';
import { runK6 } from '../../load/runner/k6-process.ts';
import { plainTask } from '../../load/runner/default-task.ts';
import type { LoadTask } from '../../load/scripts/trace.ts';

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
  const asked = { operation: 'getManagedClientStatus', expectation: 'accept', clientKnown: true } as const;
  const count = 100_000;
  for (let index = 0; index < count; index++) judge(exchange, asked);
  const from = performance.now();
  for (let index = 0; index < count; index++) judge(exchange, asked);
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
    ...plainTask,
    scenario: 'flood',
    baseUrl: `http://127.0.0.1:${port}`,
    client: 'aClientId',
    types: ['VA'],
    limit: 100,
    windowMs: 10_000,
    writes: false,
    mode,
  };
  const script = join(import.meta.dirname, '..', '..', 'load', 'scripts', 'main.ts');
  const { signal } = new AbortController();
  const trace = runK6({
    binary,
    script,
    task,
    isFirst: false,
    secrets: { own: 'none' },
    mask: String,
    env: process.env,
    signal,
  });
  for await (const line of trace) void line;
  const served = nextMessage(server);
  server.send('count');
  return (await served) / SECONDS;
}

function nextMessage(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('message', (message) => resolve(Number(message))));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
