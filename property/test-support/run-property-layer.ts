import { setTimeout as wait } from 'node:timers/promises';

import { afterAll } from '@jest/globals';

import type { Outcome } from '../../core/index.ts';
import {
  Budget,
  createSender,
  createThrottle,
  permissionNames,
  Permissions,
  requestState,
  systemTimer,
  TokenStore,
  Transport,
  type RequestSpec,
  type Send,
} from '../../core/client/index.ts';
import type { Fault } from '../../fixtures/faults/fault.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { run, type PropertyContext } from '../index.ts';
import type { RunnerContext } from '../runner/runner.ts';

const quota = { limit: 100, windowMs: 10_000 };
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

/** Starts a reference provider that is closed after the tests of the file. */
export async function startTestProvider(fault?: Fault): Promise<Provider> {
  const options = { port: 0, quota, limited: 'load', tokenTtlSeconds: 749, clock: Date.now } as const;
  const provider = await startProvider({ ...options, ...(fault && { fault }) });
  opened.push(provider);
  return provider;
}

/** The size of a run. */
export type TestPlan = Omit<
  PropertyContext,
  Exclude<keyof RunnerContext, 'target'> | 'budget' | 'limits' | 'pace'
>;

/** A run of every suite. */
export const smallPlan: TestPlan = {
  target: {
    managedClient: 'aClientId',
    second: { managedClient: 'bClientId', types: ['CCG'] },
    types: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'],
  },
  seed: 7,
  randomBodies: 60,
  corpus: [],
  histories: 2,
  sequences: 2,
  consistency: 'strong',
  mutatesRandomReports: true,
  pairwise: true,
  heavy: false,
  concurrency: 16,
  maxShrinks: 60,
  confirmations: 1,
  fillsBudget: false,
  reserved: { requests: 0, durationMs: 0 },
};

export interface RunOptions {
  /** Receives every request, in the order in which it was passed to the sender. */
  readonly log?: RequestSpec[];
  readonly runId?: string;
  readonly maxRequests?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Runs the property layer and collects its outcomes. */
export async function runPropertyLayer(
  provider: Provider,
  testPlan: TestPlan,
  options: RunOptions = {},
): Promise<Outcome[]> {
  const { log = [], runId = 'test', maxRequests, pause = wait } = options;
  const sources = Object.fromEntries(
    Object.entries(provider.credentials).map(([name, credentials]) => [
      name,
      { kind: 'credentials' as const, ...credentials },
    ]),
  );
  const tokens = new TokenStore(sources, `${provider.url}/oauth/token`, Date.now);
  const transport = new Transport(provider.url, testPlan.concurrency);
  opened.push(transport);
  const { signal } = new AbortController();
  const permissions = new Permissions(permissionNames);
  const budget = new Budget({ requests: maxRequests, until: undefined }, Date.now);
  const sender = createSender({
    baseUrl: provider.url,
    transport,
    tokens,
    permissions,
    throttle: createThrottle(undefined, systemTimer),
    budget,
    timer: { ...systemTimer, now: () => performance.timeOrigin + performance.now() },
    signal,
  });
  const send: Send = (spec) => {
    log.push(spec);
    return sender(spec);
  };
  const limits = { requests: maxRequests, durationMs: undefined };
  const outcomes: Outcome[] = [];
  const context: PropertyContext = {
    ...testPlan,
    send,
    pause,
    runId,
    permissions,
    tokens,
    setUpState: (name) => requestState(provider.stateUrl, { name }, signal),
    budget,
    limits,
    pace: undefined,
  };
  await run(context, (outcome) => outcomes.push(outcome));
  return outcomes;
}
