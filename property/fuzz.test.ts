import { createHash } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import {
  arrangeState,
  Budget,
  createPacer,
  createSender,
  Guard,
  permissions,
  TokenBook,
  Transport,
  wallTimer,
  type Send,
  type Step,
} from '../contracts/target/index.ts';
import type { Outcome } from '../contracts/index.ts';
import type { Fault } from '../fixtures/faults/fault.ts';
import { startProvider, type Provider } from '../fixtures/provider/server.ts';
import { fuzz, planFuzz, type FuzzOptions } from './index.ts';
import { keysOf } from './run-probe.ts';

const quota = { limit: 100, windowMs: 10_000 };
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

async function start(fault?: Fault): Promise<Provider> {
  const options = { port: 0, quota, limited: 'load', tokenTtlSeconds: 749, clock: Date.now } as const;
  const provider = await startProvider({ ...options, ...(fault && { fault }) });
  opened.push(provider);
  return provider;
}

let sound: Provider;
beforeAll(async () => {
  sound = await start();
});

/** Everything but what is there to send with. */
type Amount = Omit<FuzzOptions, 'send' | 'guard' | 'tokens' | 'arrange'>;

const some: Amount = {
  place: { client: 'aClientId', second: 'bClientId', types: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'] },
  seed: 7,
  randomBodies: 60,
  corpus: [],
  histories: 2,
  sequences: 2,
  consistency: 'linearizable',
  richBases: true,
  pairwise: true,
  heavy: false,
  inFlight: 16,
  maxShrinks: 60,
  goesOn: () => false,
};

/** Runs the fuzzer. `log` gets everything it sends, in the order it was to be sent. */
async function outcomesAt(provider: Provider, amount: Amount, log: Step[] = []): Promise<Outcome[]> {
  const sources = Object.fromEntries(
    Object.entries(provider.credentials).map(([name, own]) => [
      name,
      { kind: 'credentials' as const, ...own },
    ]),
  );
  const tokens = new TokenBook(sources, `${provider.url}/oauth/token`, Date.now);
  const transport = new Transport(provider.url, amount.inFlight);
  opened.push(transport);
  const { signal } = new AbortController();
  const guard = new Guard(permissions);
  const sender = createSender({
    baseUrl: provider.url,
    transport,
    tokens,
    guard,
    pace: createPacer(undefined, wallTimer),
    budget: new Budget({ requests: undefined, until: undefined }, Date.now),
    now: () => performance.timeOrigin + performance.now(),
    signal,
  });
  const send: Send = (step) => {
    log.push(step);
    return sender(step);
  };
  const arrange: FuzzOptions['arrange'] = (name) => arrangeState(provider.stateUrl, { name }, signal);
  const outcomes: Outcome[] = [];
  for await (const outcome of fuzz({ ...amount, send, guard, tokens, arrange })) outcomes.push(outcome);
  return outcomes;
}

async function requestLog(amount: Partial<Amount>): Promise<Step[]> {
  const log: Step[] = [];
  const outcomes = await outcomesAt(sound, { ...some, ...amount }, log);
  expect(outcomes.flatMap(keysOf)).toEqual([]);
  const planned = planFuzz({ ...some, ...amount, guard: new Guard(permissions) }).requests;
  expect(Math.abs(log.length - planned)).toBeLessThan(0.1 * planned);
  return log;
}

const hash = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');
const lines = (log: readonly Step[]): string[] => log.map((step) => JSON.stringify(step));

test('one seed gives the same requests in the same order', async () => {
  const alone = { inFlight: 1, histories: 0 };
  expect(hash(lines(await requestLog(alone)))).toBe(hash(lines(await requestLog(alone))));
});

test('one seed gives the same requests, however many are under way', async () => {
  const [alone, together] = [await requestLog({ inFlight: 1 }), await requestLog({ inFlight: 16 })];
  expect(hash(lines(alone).toSorted())).toBe(hash(lines(together).toSorted()));
});

test('another seed gives other requests', async () => {
  expect(hash(lines(await requestLog({})))).not.toBe(hash(lines(await requestLog({ seed: 8 }))));
});

test('tells of requests that are slow every time, and finds nothing wrong with them', async () => {
  const slow = await start({
    group: 'J',
    title: 'is slow with reports of one kind',
    plant: ({ finish }) => ({
      finish: async (reply, call) => {
        const isSlow = call.body.includes('IIQ_HARVESTER') && call.body.includes('WARNING');
        return { ...(await finish(reply, call)), delayMs: isSlow ? 1100 : 0 };
      },
    }),
  });
  const few = { ...some, randomBodies: 0, histories: 0, sequences: 0, richBases: false, pairwise: false };
  const outcomes = await outcomesAt(slow, few);
  expect(outcomes.flatMap(keysOf)).toEqual([]);
  const notices = outcomes.flatMap((one) => (one.kind === 'not-verifiable' ? [] : (one.notices ?? [])));
  expect(notices.map(({ code, details }) => [code, details['what']])).toEqual([
    ['response.latency.outlier', 'pair-WARNING-IIQ_HARVESTER@status+type'],
  ]);
});
