import { setTimeout as wait } from 'node:timers/promises';

import { afterAll } from '@jest/globals';

import type { Outcome } from '../../core/index.ts';
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
} from '../../core/client/index.ts';
import type { Fault } from '../../fixtures/faults/fault.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { fuzz, type FuzzOptions } from '../../property/index.ts';

const quota = { limit: 100, windowMs: 10_000 };
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

/** Test support: a reference provider until the tests of the file are over. */
export async function start(fault?: Fault): Promise<Provider> {
  const options = { port: 0, quota, limited: 'load', tokenTtlSeconds: 749, clock: Date.now } as const;
  const provider = await startProvider({ ...options, ...(fault && { fault }) });
  opened.push(provider);
  return provider;
}

/** Everything but what is there to send with. */
export type Amount = Omit<FuzzOptions, 'send' | 'pause' | 'nonce' | 'guard' | 'tokens' | 'arrange'>;

/** A run of every phase. */
export const some: Amount = {
  place: {
    client: 'aClientId',
    second: { client: 'bClientId', types: ['CCG'] },
    types: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'],
  },
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
  confirmations: 1,
  goesOn: () => false,
};

export interface Watching {
  /** Gets everything that is sent, in the order it was to be sent. */
  readonly log?: Step[];
  readonly nonce?: string;
  /** Requests that may be sent. */
  readonly budget?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Runs the fuzzer. */
export async function outcomesAt(
  provider: Provider,
  amount: Amount,
  { log = [], nonce = 'test', budget, pause = wait }: Watching = {},
): Promise<Outcome[]> {
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
    budget: new Budget({ requests: budget, until: undefined }, Date.now),
    now: () => performance.timeOrigin + performance.now(),
    signal,
  });
  const send: Send = (step) => {
    log.push(step);
    return sender(step);
  };
  const arrange: FuzzOptions['arrange'] = (name) => arrangeState(provider.stateUrl, { name }, signal);
  const outcomes: Outcome[] = [];
  const means = { send, pause, nonce, guard, tokens, arrange };
  for await (const outcome of fuzz({ ...amount, ...means })) outcomes.push(outcome);
  return outcomes;
}
