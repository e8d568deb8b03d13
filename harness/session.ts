import type { ReadableType, StateName, StateValues } from '../contracts/index.ts';
import {
  arrangeState,
  createPacer,
  createSender,
  Guard,
  TokenBook,
  Transport,
  wallTimer,
  type Send,
  type TokenSources,
} from '../contracts/target/index.ts';
import { faults } from '../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../fixtures/provider/server.ts';
import type { RunSettings } from './settings/run-settings.ts';
import type { Profile } from './settings/table.ts';

/** How much a run sends. */
interface Volume {
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly randomBodies: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
}

const volumes: Record<Profile, Volume> = {
  ci: { inFlight: 16, randomBodies: 100, maxShrinks: 300 },
  staging: { inFlight: 4, randomBodies: 20, maxShrinks: 60 },
  nightly: { inFlight: 4, randomBodies: 500, maxShrinks: 60 },
};

/** A target that is open: the means to send to it, and to close what was started for it. */
export interface Session {
  readonly settings: RunSettings;
  readonly baseUrl: string;
  readonly tokens: TokenBook;
  readonly guard: Guard;
  readonly send: Send;
  readonly volume: Volume;
  /** Types for which the managed client has reported; the preflight fills it. */
  readonly types: ReadableType[];
  /** Undefined where the target has no door for states. */
  readonly arrange: ((state: StateName) => Promise<StateValues>) | undefined;
  readonly signal: AbortSignal;
  close(): Promise<void>;
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
  const transport = new Transport(new URL(door.baseUrl).origin, volume.inFlight);
  const pace = createPacer(settings.pace, wallTimer);
  const { stateUrl } = door;
  return {
    settings,
    baseUrl: door.baseUrl,
    tokens,
    guard,
    send: createSender({ baseUrl: door.baseUrl, transport, tokens, guard, pace, now: Date.now, signal }),
    volume,
    types: [],
    arrange: stateUrl === undefined ? undefined : (state) => arrangeState(stateUrl, state),
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
  return { baseUrl: target.url, tokenUrl: target.tokenUrl, sources: target.sources, stateUrl: undefined };
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
