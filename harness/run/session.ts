import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';

import type { Quota, ReadableType, StateValues } from '../../core/index.ts';
import {
  arrangeState,
  Budget,
  createPacer,
  createSender,
  Guard,
  TokenBook,
  Transport,
  wallTimer,
  type Send,
  type StateRequest,
  type TokenSources,
} from '../../core/client/index.ts';
import { faults } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import type { Profile } from '../settings/table.ts';

/** How much a run sends. */
interface Volume {
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly randomBodies: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
  /** How often a crash has to come back to count in full. */
  readonly confirmations: number;
  /** Recorded histories of several clients at once, and what they are held to. */
  readonly histories: number;
  /** Random sequences of reads and writes. */
  readonly sequences: number;
  readonly consistency: 'linearizable' | 'eventual';
  /** Cells on rich random reports as well. */
  readonly richBases: boolean;
  /** Reports that bring every two unusual values together. */
  readonly pairwise: boolean;
  /** Large and deep bodies. */
  readonly heavy: boolean;
  /** Random requests go on until the budget is spent, where there is one. */
  readonly fills: boolean;
}

const volumes: Record<Profile, Volume> = {
  ci: {
    inFlight: 16,
    randomBodies: 100,
    maxShrinks: 300,
    confirmations: 1,
    histories: 4,
    sequences: 3,
    richBases: true,
    consistency: 'linearizable',
    pairwise: true,
    heavy: true,
    fills: false,
  },
  staging: {
    inFlight: 4,
    randomBodies: 20,
    maxShrinks: 60,
    confirmations: 2,
    histories: 2,
    sequences: 1,
    richBases: false,
    consistency: 'eventual',
    pairwise: false,
    heavy: false,
    fills: false,
  },
  nightly: {
    inFlight: 4,
    randomBodies: 500,
    maxShrinks: 60,
    confirmations: 2,
    histories: 20,
    sequences: 10,
    richBases: true,
    consistency: 'eventual',
    pairwise: true,
    heavy: false,
    fills: true,
  },
};

/** A target that is open: the means to send to it, and to close what was started for it. */
export interface Session {
  readonly settings: RunSettings;
  readonly baseUrl: string;
  readonly tokens: TokenBook;
  readonly guard: Guard;
  readonly send: Send;
  /** Sends without pace. */
  readonly sendAtOnce: Send;
  readonly volume: Volume;
  readonly budget: Budget;
  /** Types for which the managed client has reported; the preflight fills it. */
  readonly types: ReadableType[];
  /** The same of the second one. */
  readonly secondTypes: ReadableType[];
  /** Tells the writes of this run from those of every other. */
  readonly nonce: string;
  /** Undefined where the target has no door for states. */
  readonly arrange: ((state: StateRequest) => Promise<StateValues>) | undefined;
  readonly signal: AbortSignal;
  close(): Promise<void>;
}

/** A run that fills its budget sends for hours: V8 gives memory back sooner then, and does not grow for speed. */
function beFrugal(): void {
  setFlagsFromString('--optimize-for-size');
}

const TOKEN_TTL_S = 749;

/** Opens the target of a run: starts the reference provider where there is none. */
export async function openSession(settings: RunSettings, signal: AbortSignal): Promise<Session> {
  const { target } = settings;
  const provider = target.kind === 'reference' ? await startReference(settings, target.fault) : undefined;
  const door = provider === undefined ? doorOfTarget(settings) : doorOfProvider(provider);
  const tokens = new TokenBook(door.sources, door.tokenUrl, Date.now);
  const guard = new Guard(settings.allow);
  const volume = volumes[settings.profile];
  if (volume.fills) beFrugal();
  const transport = new Transport(new URL(door.baseUrl).origin, volume.inFlight);
  const { stateUrl } = door;
  const { maxRequests: requests, maxDurationMs } = settings;
  const until = maxDurationMs === undefined ? undefined : Date.now() + maxDurationMs;
  const budget = new Budget({ requests, until }, Date.now);
  const sender = (pace: Quota | undefined): Send =>
    createSender({
      baseUrl: door.baseUrl,
      transport,
      tokens,
      guard,
      pace: createPacer(pace, wallTimer),
      budget,
      // Finer than milliseconds: what happened before what is concluded from it.
      now: () => performance.timeOrigin + performance.now(),
      signal,
    });
  return {
    settings,
    baseUrl: door.baseUrl,
    tokens,
    guard,
    send: sender(settings.pace),
    sendAtOnce: sender(undefined),
    volume,
    budget,
    types: [],
    secondTypes: [],
    nonce: randomBytes(4).toString('hex'),
    arrange: stateUrl === undefined ? undefined : (state) => arrangeState(stateUrl, state, signal),
    signal,
    async close() {
      await transport.close();
      await provider?.close();
    },
  };
}

interface Door {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly sources: TokenSources;
  readonly stateUrl: string | undefined;
}

function doorOfTarget({ target }: RunSettings): Door {
  if (target.kind === 'reference') throw new Error('the reference provider was not started');
  const { url: baseUrl, tokenUrl, sources, stateUrl } = target;
  return { baseUrl, tokenUrl, sources, stateUrl };
}

function doorOfProvider({ url, credentials, stateUrl }: Provider): Door {
  const sources = Object.entries(credentials).map(([name, client]) => [
    name,
    { kind: 'credentials', ...client },
  ]);
  return {
    baseUrl: url,
    tokenUrl: `${url}/oauth/token`,
    sources: Object.fromEntries(sources) as TokenSources,
    stateUrl,
  };
}

function startReference({ quota }: RunSettings, fault: keyof typeof faults | undefined): Promise<Provider> {
  return startProvider({
    port: 0,
    quota,
    limited: 'load',
    tokenTtlSeconds: TOKEN_TTL_S,
    clock: Date.now,
    ...(fault !== undefined && { fault: faults[fault] }),
  });
}
