import { doubt, type DoubtCode, type Outcome, type StateName } from '../contracts/index.ts';
import { permissionFor, type Guard, type Send, type TokenBook } from '../contracts/target/index.ts';
import { inParallel } from './in-parallel.ts';
import { cellProbes } from './phases/enumerate.ts';
import { randomReports } from './phases/random.ts';
import { stateProbes } from './phases/state.ts';
import type { Place } from './place.ts';
import { callersOf, permissionOf, stateCaller, type Probe } from './probe.ts';
import { LAYER, lostEnvironment, runProbe } from './run-probe.ts';

export interface FuzzOptions {
  readonly place: Place;
  readonly seed: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly randomBodies: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
  readonly send: Send;
  readonly guard: Guard;
  readonly tokens: TokenBook;
  /** Brings the target into a state and gives the token of its caller; undefined where the target has no such door. */
  readonly arrange: ((state: StateName) => Promise<string>) | undefined;
}

/** What a run would send at least, for the plan. */
export function planFuzz({
  place,
  seed,
  randomBodies,
  guard,
}: Pick<FuzzOptions, 'place' | 'seed' | 'randomBodies' | 'guard'>): {
  readonly requests: number;
  readonly writes: number;
} {
  const probes = [...cellProbes(seed, place), ...stateProbes(seed, place, Math.ceil(randomBodies / 10))];
  const steps = probes.filter((probe) => guard.allows(permissionOf(probe))).flatMap((probe) => probe.steps);
  const random = guard.allows('write') ? randomBodies : 0;
  const writes = steps.filter(({ method }) => permissionFor(method) === 'write').length;
  return { requests: steps.length + random, writes: writes + random };
}

/** The fuzzer: every cell, then random valid reports, then what is stored. Yields one outcome for each probe. */
export async function* fuzz(options: FuzzOptions): AsyncGenerator<Outcome> {
  const { place, seed, inFlight, randomBodies, maxShrinks } = options;
  const run = createRunner(options);
  yield* inParallel(cellProbes(seed, place), inFlight, run);
  if (options.guard.allows('write')) {
    yield* randomReports({ seed, place, bodies: randomBodies, inFlight, maxShrinks, run });
  }
  yield* inParallel(stateProbes(seed, place, Math.ceil(randomBodies / 10)), 1, run);
}

/** Sends one probe again. */
export async function refuzz(
  probe: Probe,
  options: Pick<FuzzOptions, 'send' | 'guard' | 'tokens' | 'arrange'>,
): Promise<Outcome> {
  return createRunner(options)(probe);
}

type RunnerOptions = Pick<FuzzOptions, 'send' | 'guard' | 'tokens' | 'arrange'>;

/** Runs probes that can be run here, and gives up when the surroundings are gone. */
function createRunner(options: RunnerOptions): (probe: Probe) => Promise<Outcome> {
  let lost: DoubtCode | undefined;
  return async (probe) => {
    const obstacle = obstacleTo(probe, options);
    if (obstacle !== undefined) return obstacle;
    if (lost !== undefined) return aborted(probe, lost);
    await reachState(probe, options);
    const outcome = await runProbe(probe, options.send);
    lost ??= lostEnvironment(outcome, probe);
    return outcome;
  };
}

async function reachState({ state }: Probe, { tokens, arrange }: RunnerOptions): Promise<void> {
  if (state !== undefined && arrange !== undefined) tokens.adopt(stateCaller(state), await arrange(state));
}

function obstacleTo(probe: Probe, { guard, tokens, arrange }: RunnerOptions): Outcome | undefined {
  const { what, family: group } = probe;
  const permission = permissionOf(probe);
  if (!guard.allows(permission)) {
    return {
      kind: 'not-verifiable',
      layer: LAYER,
      what,
      group,
      reason: 'not-allowed',
      details: { permission },
    };
  }
  if (probe.state !== undefined && arrange === undefined) {
    return {
      kind: 'not-verifiable',
      layer: LAYER,
      what,
      group,
      reason: 'no-state-endpoint',
      details: { state: probe.state },
    };
  }
  const own = probe.state && stateCaller(probe.state);
  const principal = callersOf(probe).find((caller) => caller !== own && !tokens.has(caller));
  if (principal !== undefined) {
    return {
      kind: 'not-verifiable',
      layer: LAYER,
      what,
      group,
      reason: 'no-principal',
      details: { principal },
    };
  }
  return undefined;
}

function aborted({ what, family: group }: Probe, why: DoubtCode): Outcome {
  return {
    kind: 'inconclusive',
    layer: LAYER,
    what,
    group,
    findings: [],
    doubts: [doubt('run.aborted', { why })],
    requests: 0,
  };
}

export type { Place } from './place.ts';
export type { Probe } from './probe.ts';
