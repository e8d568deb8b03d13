import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome } from '../../core/index.ts';
import { BrokerError } from '../../contracts/broker/index.ts';
import { tampered } from '../../core/client/index.ts';
import { PactFileError, planVerify, VerifierError, verify } from '../../contracts/verification/index.ts';
import {
  K6Error,
  K6MissingError,
  planLoad,
  resolveK6,
  stress,
  type K6Options,
  type LoadOptions,
  type TokenName,
} from '../../load/index.ts';
import { fuzz, planFuzz, type FuzzOptions, type Place } from '../../property/index.ts';
import { CORPUS_FOLDER, probeFor, readCorpus } from '../history/corpus.ts';
import { environment, type HarnessError } from '../errors.ts';
import type { LayerName } from './layer-names.ts';
import { packagePaths } from '../package-paths.ts';
import { choosePacts, verifyOptions } from './pacts.ts';
import { openTrace } from './load-trace.ts';
import type { Voice } from './progress.ts';
import type { Session } from './session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What a layer would cost. */
export interface Cost {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  readonly durationMs: number;
}

export interface Layer {
  plan(session: Session, env: Env): Promise<Cost>;
  /** Yields outcomes; rejects with a HarnessError where it cannot go on. */
  run(session: Session, env: Env, voice: Voice): AsyncGenerator<Outcome>;
}

const contracts: Layer = {
  async plan(session, env) {
    const pacts = await choosePacts(session, env);
    return paced(planVerify(pacts, verifyOptions(session, env, pacts)), session);
  },
  async *run(session, env) {
    const pacts = await choosePacts(session, env);
    yield* verify(verifyOptions(session, env, pacts));
  },
};

const property: Layer = {
  plan: (session) => Promise.resolve(paced(budgeted(planFuzz(fuzzOptions(session)), session), session)),
  run: (session) => fuzz(fuzzOptions(session)),
};

const load: Layer = {
  plan: (session, env) => Promise.resolve(planLoad(loadOptions(session, env, ''))),
  async *run(session, env, voice) {
    const binary = await resolveK6(k6Options(session.settings, env), voice);
    const options = loadOptions(session, env, binary);
    // k6 cannot be told to stop at a request: it is started for the whole of its plan, or not at all.
    const { requests, durationMs } = planLoad(options);
    session.budget.take(requests, durationMs);
    const trace = openTrace(session.settings.reports);
    try {
      yield* stress({ ...options, onExchange: trace.add });
    } finally {
      await trace.close();
    }
  },
};

/** A layer is one entry here, and one name in layer-names.ts. */
export const layers: Record<LayerName, Layer> = { contracts, property, load };

/** Where k6 is looked for. */
export function k6Options({ k6Mirror: mirror }: RunSettings, env: Env): K6Options {
  return { env, module: packagePaths.k6Module, mirror };
}

/** What k6 needs to know of a session. */
export function loadOptions(session: Session, env: Env, binary: string): LoadOptions {
  const { baseUrl, guard, signal, settings, types } = session;
  const { secondManagedClient: secondClient } = settings;
  return {
    baseUrl,
    client: settings.managedClient,
    types,
    quota: settings.quota,
    guard,
    binary,
    script: packagePaths.k6Script,
    tokens: (names) => loadTokens(session, names),
    mask: (text) => session.tokens.mask(text),
    freshToken: () => session.tokens.fresh(loadPrincipal(session)),
    principal: loadPrincipal(session),
    has: namesOfTokens(session),
    ...(secondClient !== undefined && { secondClient }),
    restMs: restMs(session),
    restBetweenMs: settings.target.kind === 'remote' ? REMOTE_REST_MS : 2 * settings.quota.windowMs,
    segments: settings.segments,
    isRemote: settings.target.kind === 'remote',
    suite: settings.profile === 'nightly' ? 'nightly' : 'ci',
    env,
    signal,
  };
}

/** Between bursts at another machine's limiter: it may block for a minute who violates three intervals in two. */
export const REMOTE_REST_MS = 130_000;

function namesOfTokens(session: Session): TokenName[] {
  const { tokens } = session;
  const second: TokenName[] = tokens.canRefresh(loadPrincipal(session)) ? ['second'] : [];
  return ['own', ...second, ...(tokens.has('other') ? ['other' as const] : [])];
}

async function loadTokens(
  session: Session,
  names: readonly TokenName[],
): Promise<Partial<Record<TokenName, string>>> {
  const { tokens } = session;
  const principal = loadPrincipal(session);
  const ask: Record<TokenName, () => Promise<string>> = {
    own: () => tokens.token(principal),
    second: () => tokens.another(principal),
    other: () => tokens.token('other'),
    forged: async () => tampered(await tokens.token(principal)),
  };
  const asked = names.map(async (name) => [name, await ask[name]()] as const);
  return Object.fromEntries(await Promise.all(asked));
}

/** The load layer has a quota of its own, or comes last and shares the user's. */
export function loadPrincipal({ tokens }: Session): 'load' | 'user' {
  return tokens.has('load') ? 'load' : 'user';
}

/** Errors of layers in the words of the harness; anything else is passed on. */
export function explain(error: unknown): HarnessError | undefined {
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof K6MissingError || error instanceof K6Error)
    return environment('k6.unusable', { problem }, error);
  if (error instanceof BrokerError) return environment('broker.failed', { problem }, error);
  if (error instanceof PactFileError) return environment('pacts.unusable', { problem }, error);
  if (error instanceof VerifierError) return environment('verifier.unusable', { problem }, error);
  return undefined;
}

function restMs(session: Session): number {
  const { settings, arrange } = session;
  // Without a state endpoint the contracts layer uses the quota of load up, to see a 429.
  const isBurnt = arrange === undefined && settings.layers.includes('contracts');
  // Two windows after the last request every kind of limiter has forgotten it.
  const isFresh = settings.target.kind === 'reference';
  const isUsed = !isFresh || loadPrincipal(session) === 'user' || isBurnt;
  return isUsed ? 2 * settings.quota.windowMs : 0;
}

/** What the layers after the fuzzer will take: whoever fills a budget leaves it to them. */
function planAfterwards(session: Session): Pick<Cost, 'requests' | 'durationMs'> {
  if (!session.settings.layers.includes('load')) return { requests: 0, durationMs: 0 };
  return planLoad(loadOptions(session, {}, ''));
}

/** A run stops at its budget; one that fills it, only there. */
function budgeted(
  plan: { readonly requests: number; readonly writes: number },
  session: Session,
): { requests: number; writes: number } {
  const { settings, volume, guard } = session;
  const { maxRequests, maxDurationMs, pace } = settings;
  const inTime =
    maxDurationMs === undefined || pace === undefined
      ? Infinity
      : Math.floor((maxDurationMs / pace.windowMs) * pace.limit);
  const afterwards = planAfterwards(session);
  const most = Math.max(
    0,
    Math.min((maxRequests ?? Infinity) - (volume.fills ? afterwards.requests : 0), inTime),
  );
  const fills = volume.fills && guard.allows('write') && most !== Infinity;
  const requests = fills ? most : Math.min(plan.requests, most);
  return { requests, writes: Math.ceil((plan.writes * requests) / plan.requests) };
}

function paced(
  { requests, writes, violations = 0 }: { requests: number; writes: number; violations?: number },
  { settings }: Session,
): Cost {
  const { pace } = settings;
  const durationMs = pace === undefined ? requests * 2 : Math.ceil(requests / pace.limit) * pace.windowMs;
  return { requests, writes, violations, durationMs };
}

export function fuzzOptions(session: Session): FuzzOptions {
  const { settings, send, guard, tokens, arrange, volume, budget } = session;
  const { managedClient: client, secondManagedClient: second, seed } = settings;
  const [first = 'CCG', ...others] = session.types;
  const [itsFirst, ...itsOthers] = session.secondTypes;
  const itsPlace = second !== undefined && itsFirst !== undefined;
  const place: Place = {
    client,
    types: [first, ...others],
    ...(itsPlace && { second: { client: second, types: [itsFirst, ...itsOthers] } }),
  };
  const corpus = readCorpus(CORPUS_FOLDER).map((entry) => ({
    ...probeFor(entry, client),
    what: `corpus-${entry.id}`,
  }));
  const reach: FuzzOptions['arrange'] = arrange && ((name) => arrange({ name }));
  const pause = (milliseconds: number): Promise<unknown> =>
    wait(milliseconds, undefined, { signal: session.signal });
  const afterwards = planAfterwards(session);
  const goesOn = (): boolean => volume.fills && budget.isLeft(afterwards);
  return {
    place,
    seed,
    corpus,
    ...volume,
    goesOn,
    send,
    pause,
    nonce: session.nonce,
    guard,
    tokens,
    arrange: reach,
  };
}
