import type { Notice, Outcome } from '../core/index.ts';
import type { Send } from '../core/client/index.ts';
import { Attribution, type Failed } from './triage/attribution.ts';
import { Confirmations } from './triage/flake-filter.ts';
import { inParallel } from './runner/in-parallel.ts';
import { Latencies } from './triage/latency.ts';
import { pairwiseReports } from './suites/pairwise.ts';
import { randomReports, type RandomOptions } from './suites/random-reports.ts';
import { cellsOnRichBases, richCells } from './suites/mutated-random-reports.ts';
import { randomSequences } from './suites/sequences.ts';
import { planProbes, type Plan } from './suites/plan.ts';
import type { Probe } from './runner/test-case.ts';
import { plainReportOf, refusedReport } from './triage/control-request.ts';
import { keysOf, LAYER } from './runner/run-test-case.ts';
import { createRunner, notVerifiable, type Means, type Run } from './runner/runner.ts';
import { seedFor } from './runner/seeds.ts';

export interface FuzzOptions extends Plan, Means {
  /** Requests under way at a time. */
  readonly inFlight: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
  /** How often a crash has to come back to count in full. */
  readonly confirmations: number;
  /** Whether random requests go on when everything that is planned was sent. */
  readonly goesOn: () => boolean;
}

/**
 * The fuzzer: every cell, what is stored, cells on random reports, pairs, random reports, recorded histories, sequences.
 * Yields one outcome for each probe.
 */
export async function* fuzz(options: FuzzOptions): AsyncGenerator<Outcome> {
  const counter = countingSends(options.send);
  const means = { ...options, send: counter.send };
  const run = createRunner(means);
  const confirmations = new Confirmations(run, options.confirmations);
  const latencies = new Latencies();
  const seen = new Set<string>();
  const told = (outcome: Outcome): Outcome => {
    for (const id of keysOf(outcome)) seen.add(id);
    return outcome.kind === 'not-verifiable' ? outcome : { ...outcome, requests: counter.since() };
  };
  const ends: unknown[] = [];
  try {
    for await (const outcome of allPhases(means, run, (id) => seen.has(id))) {
      latencies.add(outcome);
      // The phases end by themselves then, and tell what they had held back.
      const sure = await confirmations.ask(outcome).catch((error: unknown) => void ends.push(error));
      if (sure) yield told(sure);
    }
  } catch (error) {
    ends.push(error);
  }
  for (const outcome of confirmations.rest()) yield told(outcome);
  if (ends.length > 0) throw ends[0];
  for (const outcome of slowOnes(await latencies.outliers(run))) yield told(outcome);
}

/** Counts every request, those included that were sent again on the way; not what a budget left unsent. */
function countingSends(send: Send): { send: Send; since(): number } {
  let [count, told] = [0, 0];
  return {
    async send(step) {
      const sent = await send(step);
      count += 1 + sent.passedOver.length;
      return sent;
    },
    /** Requests since it was asked last. */
    since() {
      const own = count - told;
      told = count;
      return own;
    },
  };
}

function* slowOnes(notices: readonly Notice[]): Generator<Outcome> {
  const attempt = { layer: LAYER, what: 'latency', group: 'latency', findings: [], doubts: [], requests: 0 };
  if (notices.length > 0) yield { kind: 'evaluated', ...attempt, notices };
}

/** Sends one probe again. */
export function refuzz(probe: Probe, means: Means): Promise<Outcome> {
  return createRunner(means)(probe);
}

/** @param isKnown was a finding of this id yielded before? */
async function* allPhases(
  options: FuzzOptions,
  run: Run,
  isKnown: (id: string) => boolean,
): AsyncGenerator<Outcome> {
  const { place, seed, inFlight, randomBodies: bodies, guard } = options;
  const attribution = new Attribution(place, run);
  const means = { ...options, run, attribution };
  const probes = planProbes(options);
  for (const probe of probes.left) yield notVerifiable(probe, 'agrees-late');
  yield* inParallel(probes.first, 1, run);
  yield* bending(probes.earlyCells, means);
  yield* storing(probes.state, means);
  const { sequences } = options;
  const early = Math.min(1, sequences);
  if (guard.allows('write')) {
    yield* randomSequences({ ...means, seed: seedFor(seed, 'early'), sequences: early, isKnown });
  }
  yield* bending(probes.lateCells, means);
  yield* inParallel(probes.equivalents, inFlight, run);
  if (guard.allows('write')) {
    if (options.richBases) yield* cellsOnRichBases(means);
    if (options.pairwise) yield* pairwiseReports(means);
    yield* randomReports({ ...means, bodies });
  }
  yield* storing(probes.moreState, means);
  if (!guard.allows('write')) return;
  yield* randomSequences({ ...means, sequences: sequences - early, isKnown });
  for await (const outcome of randomRest(means)) {
    // What the budget does not reach was never planned.
    if (outcome.kind !== 'not-verifiable') yield outcome;
  }
}

interface PhaseMeans {
  readonly run: Run;
  readonly attribution: Attribution;
  readonly inFlight: number;
}

/** Cells. Failures of reports that are valid as they stand are named after their cause, not after the cell that met them. */
async function* bending(
  probes: readonly Probe[],
  { run, attribution, inFlight }: PhaseMeans,
): AsyncGenerator<Outcome> {
  const send = async (probe: Probe): Promise<{ probe: Probe; outcome: Outcome }> => ({
    probe,
    outcome: await run(probe),
  });
  for await (const { probe, outcome } of inParallel(probes, inFlight, send)) {
    if (keysOf(outcome).length === 0) {
      yield outcome;
      continue;
    }
    const report = plainReportOf(probe);
    try {
      yield* report === undefined
        ? await attribution.againstPlain(probe, outcome)
        : await attribution.settle({ outcome, report });
    } catch (error) {
      // Its cause is not known, and found it is all the same.
      yield outcome;
      throw error;
    }
  }
}

/** What is stored, one probe after the other. A write that failed before anything could be read fails like any report. */
async function* storing(probes: readonly Probe[], { run, attribution }: PhaseMeans): AsyncGenerator<Outcome> {
  // Settled when all are through: a write in between would be read by the next one.
  const failed: Failed[] = [];
  try {
    for (const probe of probes) {
      const outcome = await run(probe);
      const report = refusedReport(outcome);
      if (report === undefined) yield outcome;
      else failed.push({ outcome, report });
    }
  } catch (error) {
    for (const { outcome } of failed) yield outcome;
    throw error;
  }
  yield* attribution.settleAll(failed);
}

type RestOptions = Omit<RandomOptions, 'bodies'> & Pick<FuzzOptions, 'goesOn'>;

/** Half random reports, half cells on them, a shard of each in turn: what was drawn is forgotten when it was sent. */
async function* randomRest(options: RestOptions): AsyncGenerator<Outcome> {
  const bodies = richCells().length;
  let isAnswered = true;
  for (let shard = 1; isAnswered && options.goesOn(); shard++) {
    isAnswered = false;
    const seed = seedFor(options.seed, `shard ${shard}`);
    for (const phase of [
      randomReports({ ...options, seed, bodies }),
      cellsOnRichBases({ ...options, seed }),
    ]) {
      for await (const outcome of phase) {
        isAnswered ||= outcome.kind === 'evaluated';
        yield outcome;
      }
    }
  }
}

export { planFuzz } from './suites/plan.ts';
export type { Place } from './runner/target-ids.ts';
export { forClient, type Probe } from './runner/test-case.ts';
