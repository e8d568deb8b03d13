import {
  doubt,
  type DoubtCode,
  type ManagedClientStatus,
  type Outcome,
  type StateName,
  type StateValues,
} from '../contracts/index.ts';
import {
  BudgetSpentError,
  permissionFor,
  type Guard,
  type Send,
  type TokenBook,
} from '../contracts/target/index.ts';
import { Attribution, type Failed } from './attribution.ts';
import { inParallel } from './in-parallel.ts';
import { cellProbes, isOfPhaseA } from './phases/enumerate.ts';
import { pairwiseReports, pairwiseRows } from './phases/pairwise.ts';
import { randomReports } from './phases/random.ts';
import { historyProbes, type Consistency } from './phases/histories.ts';
import { cellsOnRichBases, richCells } from './phases/rich-bases.ts';
import { equivalentProbes } from './phases/equivalents.ts';
import { LENGTH, randomSequences } from './phases/sequences.ts';
import { quietReads, stateProbes } from './phases/state.ts';
import type { Place } from './place.ts';
import { callersOf, forClient, permissionOf, stateCaller, type Probe } from './probe.ts';
import { plainReportOf, writtenBy } from './report-probe.ts';
import { keysOf, LAYER, lostEnvironment, runProbe } from './run-probe.ts';

export interface FuzzOptions {
  readonly place: Place;
  readonly seed: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly randomBodies: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
  /** What was found before and is sent first. */
  readonly corpus: readonly Probe[];
  /** Recorded histories of several clients at once. */
  readonly histories: number;
  /** Random sequences of one client. */
  readonly sequences: number;
  readonly consistency: Consistency;
  /** Whether the cells are put on rich random reports as well. */
  readonly richBases: boolean;
  /** Whether every two unusual values are brought together. */
  readonly pairwise: boolean;
  /** Whether large and deep bodies are sent. */
  readonly heavy: boolean;
  readonly send: Send;
  readonly guard: Guard;
  readonly tokens: TokenBook;
  /** Brings the target into a state and gives its caller and managed client; undefined where the target has no such door. */
  readonly arrange: ((state: StateName) => Promise<StateValues>) | undefined;
}

/** What a run would send at least, for the plan. */
export function planFuzz({ guard, ...options }: PlanOptions): {
  readonly requests: number;
  readonly writes: number;
} {
  const { randomBodies } = options;
  const steps = plannedProbes(options)
    .filter((probe) => guard.allows(permissionOf(probe)))
    .flatMap((probe) => probe.steps);
  const pairs = options.pairwise ? pairwiseRows().length : 0;
  const rich = options.richBases ? richCells().length : 0;
  const random = guard.allows('write') ? randomBodies + pairs + rich : 0;
  const sequences = guard.allows('write') ? options.sequences * LENGTH : 0;
  const writes = steps.filter(({ method }) => permissionFor(method) === 'write').length;
  return { requests: steps.length + random + sequences, writes: writes + random + Math.ceil(sequences / 2) };
}

/** The fuzzer: every cell, then random valid reports, then what is stored. Yields one outcome for each probe. */
export async function* fuzz(options: FuzzOptions): AsyncGenerator<Outcome> {
  const seen = new Set<string>();
  for await (const outcome of allPhases(options, (id) => seen.has(id))) {
    for (const id of keysOf(outcome)) seen.add(id);
    yield outcome;
  }
}

/** @param isKnown was a finding of this id yielded before? */
async function* allPhases(options: FuzzOptions, isKnown: (id: string) => boolean): AsyncGenerator<Outcome> {
  const { place, seed, inFlight, randomBodies, maxShrinks, heavy } = options;
  const run = createRunner(options);
  yield* inParallel([...options.corpus, quietReads(place)], 1, run);
  const attribution = new Attribution(place, run);
  for await (const sent of inParallel(cellProbes(seed, place, heavy), inFlight, withReport(run))) {
    yield sent.report === undefined
      ? sent.outcome
      : await attribution.settle({ ...sent, report: sent.report });
  }
  yield* inParallel(equivalentProbes(place), inFlight, run);
  if (options.guard.allows('write')) {
    if (options.richBases) yield* cellsOnRichBases({ seed, place, inFlight, run, attribution });
    if (options.pairwise) yield* pairwiseReports({ place, inFlight, run, attribution });
    yield* randomReports({ seed, place, bodies: randomBodies, inFlight, maxShrinks, run, attribution });
  }
  const stateful = [...stateProbes(seed, place, Math.ceil(randomBodies / 10)), ...historyProbes(options)];
  // Settled when all are through: a write in between would be read by the next one.
  const failed: Failed[] = [];
  for await (const { outcome, write } of inParallel(stateful, 1, withWrite(run))) {
    if (write === undefined) yield outcome;
    else failed.push({ outcome, report: write });
  }
  for (const one of failed) yield await attribution.settle(one);
  if (options.guard.allows('write')) yield* randomSequences({ ...options, run, isKnown });
}

type PlanOptions = Pick<
  FuzzOptions,
  | 'corpus'
  | 'place'
  | 'seed'
  | 'randomBodies'
  | 'guard'
  | 'histories'
  | 'sequences'
  | 'consistency'
  | 'richBases'
  | 'pairwise'
  | 'heavy'
>;

/** Every probe that is planned beforehand: all but the random reports. */
function plannedProbes(options: Omit<PlanOptions, 'guard'>): Probe[] {
  const { seed, place, randomBodies, heavy } = options;
  return [
    ...options.corpus,
    quietReads(place),
    ...cellProbes(seed, place, heavy),
    ...equivalentProbes(place),
    ...stateProbes(seed, place, Math.ceil(randomBodies / 10)),
    ...historyProbes(options),
  ];
}

/** Failures of reports that are valid as they stand are named after their cause, and not after the cell that met them. */
function withReport(run: (probe: Probe) => Promise<Outcome>) {
  return async (probe: Probe): Promise<{ outcome: Outcome; report: ManagedClientStatus | undefined }> => {
    const outcome = await run(probe);
    return { outcome, report: keysOf(outcome).length === 0 ? undefined : plainReportOf(probe) };
  };
}

/** A write that failed before anything could be read back fails like any other report. */
function withWrite(run: (probe: Probe) => Promise<Outcome>) {
  return async (probe: Probe): Promise<{ outcome: Outcome; write: ManagedClientStatus | undefined }> => {
    const outcome = await run(probe);
    const isOfWrite =
      outcome.kind !== 'not-verifiable' &&
      outcome.findings.some(({ code, cell }) => code.startsWith('request.valid') && cell !== undefined);
    return { outcome, write: isOfWrite ? writtenBy(probe) : undefined };
  };
}

/** Sends one probe again. */
export async function refuzz(probe: Probe, options: RunnerOptions): Promise<Outcome> {
  return createRunner(options)(probe);
}

type RunnerOptions = Pick<FuzzOptions, 'place' | 'send' | 'guard' | 'tokens' | 'arrange'>;

/** Runs probes that can be run here, and gives up when the surroundings are gone. */
function createRunner(options: RunnerOptions): (probe: Probe) => Promise<Outcome> {
  let lost: DoubtCode | undefined;
  return async (probe) => {
    const obstacle = obstacleTo(probe, options);
    if (obstacle !== undefined) return obstacle;
    if (lost !== undefined) return unsent(probe, lost);
    const reached = await reachState(probe, options);
    const outcome = await runOrLeave(reached, options.send);
    lost ??= lostEnvironment(outcome, probe);
    // What is sent again brings its state about again.
    return outcome.kind !== 'not-verifiable' && outcome.rerun !== undefined
      ? { ...outcome, rerun: { ...outcome.rerun, data: probe } }
      : outcome;
  };
}

/** A budget that is spent leaves the rest out. A cell that was not sent leaves the layer without a verdict. */
async function runOrLeave(probe: Probe, send: Send): Promise<Outcome> {
  try {
    return await runProbe(probe, send);
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    const { what, family: group } = probe;
    const why = error.message;
    if (!isOfPhaseA(group)) {
      return { kind: 'not-verifiable', layer: LAYER, what, group, reason: 'budget-spent', details: { why } };
    }
    return { ...unsent(probe, why), decisive: true };
  }
}

/** Brings the target into the state of a probe. @returns the probe for the managed client that the state is about */
async function reachState(probe: Probe, { place, tokens, arrange }: RunnerOptions): Promise<Probe> {
  if (probe.state === undefined || arrange === undefined) return probe;
  const { token = '', id = place.client } = await arrange(probe.state);
  tokens.adopt(stateCaller(probe.state), token);
  return forClient(probe, place.client, id);
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

function unsent({ what, family: group }: Probe, why: string): Outcome & { kind: 'inconclusive' } {
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
export { forClient, type Probe } from './probe.ts';
