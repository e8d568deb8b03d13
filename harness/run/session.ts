import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';

import type { Quota, StateValues } from '../../core/index.ts';
import {
  Budget,
  createSender,
  createThrottle,
  Permissions,
  requestState,
  systemTimer,
  TokenStore,
  Transport,
  Watchdog,
  type Send,
  type StateRequest,
  type TokenSources,
} from '../../core/client/index.ts';
import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { DEFAULT_TOKEN_TTL_S, startProvider, type Provider } from '../../fixtures/provider/server.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { EarlierStatuses } from './restore.ts';
import { Traffic } from './traffic.ts';
import { volumes, type Volume } from './volumes.ts';

/** An open target: everything that is needed to send requests to it. */
export interface Session {
  readonly settings: RunSettings;
  readonly baseUrl: string;
  readonly tokens: TokenStore;
  readonly permissions: Permissions;
  readonly send: Send;
  readonly sendUnthrottled: Send;
  readonly volume: Volume;
  readonly budget: Budget;
  /** Distinguishes the writes of this run from those of others. */
  readonly runId: string;
  /** Undefined if the target has no state endpoint. */
  readonly setUpState: ((state: StateRequest) => Promise<StateValues>) | undefined;
  readonly signal: AbortSignal;
  readonly traffic: Traffic;
  /** The statuses before the first write. */
  readonly earlier: EarlierStatuses;
  /** Whether statuses were overwritten that a user may want back. */
  readonly needsRestoring: () => boolean;
  /** Restores them, also after an interruption. @returns sentences for the report */
  restore(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Restoring waits for a new window, and ends this long after it, whatever the target does. */
const MAX_RESTORE_MS = 5000;

/** Opens the target of a run. Starts the reference provider if there is no other target. */
export async function openSession(settings: RunSettings, signal: AbortSignal): Promise<Session> {
  const { target } = settings;
  const provider = target.kind === 'reference' ? await startReference(settings, target.fault) : undefined;
  const access = provider === undefined ? accessToTarget(settings) : accessToProvider(provider);
  const { baseUrl, stateUrl } = access;
  const tokens = new TokenStore(access.sources, access.tokenUrl, Date.now, signal);
  const permissions = new Permissions(settings.allow);
  const volume = volumes[settings.profile];
  if (volume.fillsBudget) preferSmallHeap();
  const transport = new Transport(new URL(baseUrl).origin, volume.concurrency);
  const { maxRequests: requests, maxDurationMs } = settings;
  const until = maxDurationMs === undefined ? undefined : Date.now() + maxDurationMs;
  // The reference provider ends with the run.
  const isRestored = permissions.allows('write') && provider === undefined;
  const forRestoring = isRestored
    ? Math.min(EarlierStatuses.maxRequests(settings), Math.floor((requests ?? Infinity) / 2))
    : 0;
  const budget = new Budget(
    { requests: requests === undefined ? undefined : requests - forRestoring, until },
    Date.now,
  );
  const traffic = new Traffic();
  const earlier = new EarlierStatuses();
  const needsRestoring = (): boolean => isRestored && earlier.areOverwritten;
  const probe = { method: 'GET', path: new URL(baseUrl).pathname, headers: [] };
  const watchdog = new Watchdog({ now: Date.now, probe: () => transport.sendOnNewConnection(probe, signal) });
  const common = {
    baseUrl,
    transport,
    tokens,
    permissions,
    // Linearizability needs a resolution below a millisecond.
    timer: { ...systemTimer, now: () => performance.timeOrigin + performance.now() },
  };
  const senderFor = (pace: Quota | undefined): Send =>
    traffic.counting(
      createSender({ ...common, throttle: createThrottle(pace, systemTimer), budget, watchdog, signal }),
    );
  return {
    settings,
    baseUrl,
    tokens,
    permissions,
    send: senderFor(settings.pace),
    sendUnthrottled: senderFor(undefined),
    volume,
    budget,
    runId: randomBytes(4).toString('hex'),
    setUpState: stateUrl === undefined ? undefined : (state) => requestState(stateUrl, state, signal),
    signal,
    traffic,
    earlier,
    needsRestoring,
    async restore() {
      if (!needsRestoring()) return [];
      const send = createSender({
        ...common,
        throttle: createThrottle(settings.pace, systemTimer),
        budget: new Budget({ requests: forRestoring, until: undefined }, Date.now),
        signal: AbortSignal.timeout(settings.quota.windowMs + MAX_RESTORE_MS),
      });
      return earlier.restore(send);
    },
    async close() {
      await transport.close();
      await provider?.close();
    },
  };
}

/** A run that fills its budget lasts for hours. Without this option, V8 keeps memory for speed. */
function preferSmallHeap(): void {
  setFlagsFromString('--optimize-for-size');
}

interface TargetAccess {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly sources: TokenSources;
  readonly stateUrl: string | undefined;
}

function accessToTarget({ target }: RunSettings): TargetAccess {
  if (target.kind === 'reference') throw new Error('the reference provider was not started');
  const { url: baseUrl, tokenUrl, sources, stateUrl } = target;
  return { baseUrl, tokenUrl, sources, stateUrl };
}

function accessToProvider({ url, credentials, stateUrl }: Provider): TargetAccess {
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

function startReference({ quota }: RunSettings, fault: FaultName | undefined): Promise<Provider> {
  return startProvider({
    port: 0,
    quota,
    limited: 'load',
    tokenTtlSeconds: DEFAULT_TOKEN_TTL_S,
    clock: Date.now,
    ...(fault !== undefined && { fault: faults[fault] }),
  });
}
