// `npm run bench`: compares the property layer with a pool that sends the same bytes without judging. `--million` measures
// its memory.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { Pool } from 'undici';

import {
  Budget,
  bytesOf,
  createThrottle,
  createSender,
  Permissions,
  TokenStore,
  Transport,
  systemTimer,
  type RequestSpec,
} from '../../core/client/index.ts';
import { median } from '../../load/analysis/statistics.ts';
import { mapConcurrently } from '../../property/runner/map-concurrently.ts';
import { runTestCase } from '../../property/runner/run-test-case.ts';
import type { TestCase } from '../../property/runner/test-case.ts';
import { mutationTestCases } from '../../property/suites/single-mutations.ts';

const CONCURRENCY = 16;
const ROUNDS = 5;

interface ProviderAccess {
  readonly url: string;
  readonly user: { readonly clientId: string; readonly clientSecret: string };
}

/** Sends test cases. */
interface BenchSender {
  send(testCase: TestCase): Promise<unknown>;
  close(): Promise<void>;
}

const testCases = mutationTestCases(1, { managedClient: 'aClientId', types: ['CCG'] }, false).filter(
  ({ state, steps }) => state === undefined && steps.every(isOfUser),
);

function isOfUser({ authorization }: RequestSpec): boolean {
  return authorization.kind === 'token' && authorization.of === 'user';
}

await (process.argv.includes('--million') ? measureMemory() : compare());

async function compare(): Promise<void> {
  for (const [delayMs, count] of [
    [0, 8000],
    [20, 3000],
  ] as const) {
    const { child, provider, tokens } = await start(delayMs);
    const rates: Record<'raw' | 'judged', number[]> = { raw: [], judged: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rates.raw.push(await rateOf(await rawPool(provider, tokens), count));
      rates.judged.push(await rateOf(propertySender(provider, tokens), count));
    }
    child.kill();
    const [raw, own] = [median(rates.raw), median(rates.judged)];
    const ratio = median(rates.judged.map((rate, index) => rate / (rates.raw[index] ?? 1)));
    process.stdout.write(
      `property, ${delayMs} ms: ${Math.round(own)} judged requests/s, ${ratio.toFixed(2)} of a raw pool (${Math.round(raw)}/s)\n`,
    );
  }
}

/** Prints the resident memory during a million judged requests. */
async function measureMemory(): Promise<void> {
  const { child, provider, tokens } = await start(0);
  const sender = propertySender(provider, tokens);
  for (let part = 1; part <= 10; part++) {
    await sendAll(sender, 100_000);
    const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
    process.stdout.write(`${part * 100_000} requests: ${megabytes} MB resident\n`);
  }
  await sender.close();
  child.kill();
}

interface StartedProvider {
  readonly child: ChildProcess;
  readonly provider: ProviderAccess;
  readonly tokens: TokenStore;
}

async function start(delayMs: number): Promise<StartedProvider> {
  const child = fork(join(import.meta.dirname, 'provider.ts'), [String(delayMs)]);
  const provider = await new Promise<ProviderAccess>((resolve) =>
    child.once('message', resolve as () => void),
  );
  const sources = { user: { kind: 'credentials', ...provider.user } } as const;
  return { child, provider, tokens: new TokenStore(sources, `${provider.url}/oauth/token`, Date.now) };
}

async function rawPool({ url }: ProviderAccess, tokens: TokenStore): Promise<BenchSender> {
  const pool = new Pool(url, { connections: CONCURRENCY, pipelining: 1 });
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

function propertySender({ url }: ProviderAccess, tokens: TokenStore): BenchSender {
  const transport = new Transport(url, CONCURRENCY);
  const send = createSender({
    baseUrl: url,
    transport,
    tokens,
    permissions: new Permissions(['read', 'write']),
    throttle: createThrottle(undefined, systemTimer),
    budget: new Budget({ requests: undefined, until: undefined }, Date.now),
    timer: systemTimer,
    signal: new AbortController().signal,
  });
  const pause = (): Promise<void> => Promise.resolve();
  return { send: (testCase) => runTestCase(testCase, { send, pause }), close: () => transport.close() };
}

async function rateOf(sender: BenchSender, count: number): Promise<number> {
  const from = performance.now();
  await sendAll(sender, count);
  const rate = (count * 1000) / (performance.now() - from);
  await sender.close();
  return rate;
}

async function sendAll(sender: BenchSender, count: number): Promise<void> {
  const send = (testCase: TestCase): Promise<unknown> => sender.send(testCase);
  await mapConcurrently(repeatTestCases(count), CONCURRENCY, send, () => undefined);
}

function* repeatTestCases(count: number): Generator<TestCase> {
  for (let index = 0; index < count; index++) {
    const testCase = testCases[index % testCases.length];
    if (testCase !== undefined) yield testCase;
  }
}
