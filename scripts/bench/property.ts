// `npm run bench`: the fuzzer against a pool that sends the same bytes and judges nothing. `--million`: its memory.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { Pool } from 'undici';

import {
  Budget,
  bytesOf,
  createPacer,
  createSender,
  Guard,
  TokenBook,
  Transport,
  wallTimer,
  type Step,
} from '../../core/client/index.ts';
import { inParallel } from '../../property/runner/in-parallel.ts';
import { cellProbes } from '../../property/suites/single-mutations.ts';
import type { Probe } from '../../property/runner/test-case.ts';
import { runProbe } from '../../property/runner/run-test-case.ts';

const WIDTH = 16;
const ROUNDS = 5;

interface Served {
  readonly url: string;
  readonly user: { readonly clientId: string; readonly clientSecret: string };
}

/** Something that sends steps, and how it is closed. */
interface Way {
  send(probe: Probe): Promise<unknown>;
  close(): Promise<void>;
}

const probes = cellProbes(1, { client: 'aClientId', types: ['CCG'] }, false).filter(
  ({ state, steps }) => state === undefined && steps.every(isOfUser),
);

function isOfUser({ authorization }: Step): boolean {
  return authorization.kind === 'token' && authorization.of === 'user';
}

await (process.argv.includes('--million') ? million() : compare());

async function compare(): Promise<void> {
  for (const [delayMs, count] of [
    [0, 8000],
    [20, 3000],
  ] as const) {
    const { child, served, tokens } = await start(delayMs);
    const rates: Record<'raw' | 'judged', number[]> = { raw: [], judged: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rates.raw.push(await rateOf(await rawPool(served, tokens), count));
      rates.judged.push(await rateOf(judged(served, tokens), count));
    }
    child.kill();
    const [raw, own] = [median(rates.raw), median(rates.judged)];
    const ratio = median(rates.judged.map((rate, index) => rate / (rates.raw[index] ?? 1)));
    process.stdout.write(
      `fuzzer, ${delayMs} ms: ${Math.round(own)} judged requests/s, ${ratio.toFixed(2)} of a raw pool (${Math.round(raw)}/s)\n`,
    );
  }
}

/** Resident memory over a million judged requests. */
async function million(): Promise<void> {
  const { child, served, tokens } = await start(0);
  const way = judged(served, tokens);
  for (let part = 1; part <= 10; part++) {
    await sendAll(way, 100_000);
    const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
    process.stdout.write(`${part * 100_000} requests: ${megabytes} MB resident\n`);
  }
  await way.close();
  child.kill();
}

async function start(delayMs: number): Promise<{ child: ChildProcess; served: Served; tokens: TokenBook }> {
  const child = fork(join(import.meta.dirname, 'provider.ts'), [String(delayMs)]);
  const served = await new Promise<Served>((resolve) => child.once('message', resolve as () => void));
  const sources = { user: { kind: 'credentials', ...served.user } } as const;
  return { child, served, tokens: new TokenBook(sources, `${served.url}/oauth/token`, Date.now) };
}

async function rawPool({ url }: Served, tokens: TokenBook): Promise<Way> {
  const pool = new Pool(url, { connections: WIDTH, pipelining: 1 });
  const authorization = ['Authorization', `Bearer ${await tokens.token('user')}`];
  return {
    async send({ steps }) {
      for (const { method, path, headers, body } of steps) {
        const all = [...authorization, ...headers.flat()];
        const reply = await pool.request({ method, path, headers: all, body: bytesOf(body) ?? null });
        await reply.body.arrayBuffer();
      }
    },
    close: () => pool.destroy(),
  };
}

function judged({ url }: Served, tokens: TokenBook): Way {
  const transport = new Transport(url, WIDTH);
  const send = createSender({
    baseUrl: url,
    transport,
    tokens,
    guard: new Guard(['read', 'write']),
    pace: createPacer(undefined, wallTimer),
    budget: new Budget({ requests: undefined, until: undefined }, Date.now),
    now: Date.now,
    signal: new AbortController().signal,
  });
  const pause = (): Promise<void> => Promise.resolve();
  return { send: (probe) => runProbe(probe, { send, pause }), close: () => transport.close() };
}

async function rateOf(way: Way, count: number): Promise<number> {
  const from = performance.now();
  await sendAll(way, count);
  const rate = (count * 1000) / (performance.now() - from);
  await way.close();
  return rate;
}

async function sendAll(way: Way, count: number): Promise<void> {
  for await (const sent of inParallel(repeated(count), WIDTH, (probe) => way.send(probe))) void sent;
}

function* repeated(count: number): Generator<Probe> {
  for (let index = 0; index < count; index++) {
    const probe = probes[index % probes.length];
    if (probe !== undefined) yield probe;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
