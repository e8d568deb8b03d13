import * as fc from 'fast-check';

import { UNKNOWN_ID, type ManagedClientStatus, type Outcome, type ReadableType } from '../../core/index.ts';
import type { Step } from '../../core/client/index.ts';
import type { Attribution } from '../triage/attribution.ts';
import { canonical } from '../runner/base-report.ts';
import { campaign } from '../runner/campaign.ts';
import { Marks } from '../runner/write-ids.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { refusedReport, writeStep } from '../triage/control-request.ts';
import { getStep, postStep } from '../runner/requests.ts';
import { keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';
import { seedFor } from '../runner/seeds.ts';
import type { Consistency } from './concurrent-histories.ts';

/** One operation of a sequence, as JSON data. */
interface Operation {
  readonly kind: 'write' | 'read' | 'repeat' | 'rejected' | 'unknown';
  readonly client: 'first' | 'second';
  readonly type: ReadableType;
}

export interface SequenceOptions {
  readonly seed: number;
  readonly place: Place;
  readonly sequences: number;
  readonly consistency: Consistency;
  readonly maxShrinks: number;
  readonly run: Run;
  readonly attribution: Attribution;
  /** Was this failure reported before? Then it is not made smaller once more. */
  readonly isKnown: (id: string) => boolean;
}

/** Operations of one sequence. */
export const LENGTH = 20;

/** Instants of sequences lie apart from those of every other write of a run. */
const EPOCH = Date.UTC(2023, 0, 1);
/** And those of the early ones from those of the others. */
const DAYS = 300;
const DAY_MS = 86_400_000;

/**
 * Sequences: one client writes, reads, repeats and is refused, in any order, over all the registers there are. What every
 * read must show follows from the operations before it: the model is that of recorded histories, with one client. A
 * failing sequence is made smaller by leaving operations out.
 */
export async function* randomSequences(options: SequenceOptions): AsyncGenerator<Outcome> {
  const { sequences, maxShrinks, run, attribution, isKnown } = options;
  if (sequences === 0) return;
  const seed = seedFor(options.seed, 'sequences');
  const render = renderer(options, seed >>> 0);
  const events = campaign<readonly Operation[], readonly Outcome[]>({
    arbitrary: sequenceArbitrary(options.place),
    seed,
    numRuns: sequences,
    concurrency: 1,
    maxShrinks,
    judge: async (operations) => {
      const met = await run(render(operations));
      const report = refusedReport(met);
      const outcomes = report === undefined ? [met] : await attribution.settle({ outcome: met, report });
      const cost = met.kind === 'not-verifiable' ? 0 : met.requests;
      return { keys: outcomes.flatMap(keysOf).filter((id) => !isKnown(id)), report: outcomes, cost };
    },
  });
  const open = new Map<string, readonly Outcome[]>();
  try {
    for await (const event of events) {
      if (event.kind === 'minimum') {
        yield* event.minimum.report;
        open.delete(event.minimum.key);
      } else if (event.keys.length === 0) yield* event.report;
      else for (const key of event.keys) open.set(key, event.report);
    }
  } catch (error) {
    // Not as small as it could be, and found all the same.
    for (const outcomes of open.values()) yield* outcomes;
    throw error;
  }
}

function sequenceArbitrary({ types, second }: Place): fc.Arbitrary<readonly Operation[]> {
  const operation = fc.record<Operation>({
    kind: fc.oneof(
      { weight: 4, arbitrary: fc.constant('read' as const) },
      { weight: 3, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('repeat' as const) },
      { weight: 1, arbitrary: fc.constant('rejected' as const) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
    ),
    client: second === undefined ? fc.constant('first' as const) : fc.constantFrom('first', 'second'),
    type: fc.constantFrom(...types),
  });
  return fc.array(operation, { minLength: 1, maxLength: LENGTH, size: 'max' });
}

/** Renders operations to steps. Every write ever rendered has a mark and an instant of its own. */
function renderer({ place, consistency }: SequenceOptions, run: number) {
  const marks = new Marks(`${run}-s`, EPOCH + (run % DAYS) * DAY_MS);
  const report = (type: ReadableType): ManagedClientStatus => marks.mark({ ...canonical, type, body: {} });

  function placeOf(client: Operation['client']): Place {
    return client === 'second' && place.second !== undefined ? { ...place, ...place.second } : place;
  }

  function stepsOf({ kind, client, type }: Operation): Step[] {
    const at = placeOf(client);
    // A type that it never reported may not be there.
    const known = at.types.includes(type) ? type : at.types[0];
    const read = getStep({ place: at, query: `?type=${known}`, expectation: 'accept' });
    if (kind === 'read') return [read];
    if (kind === 'rejected') return [refusedStep(at, JSON.stringify({ ...report(type), status: 'failed' }))];
    if (kind === 'unknown') {
      const body = JSON.stringify(report(type));
      const cell = { id: 'id-unknown@post', group: 'id-unknown@path' };
      const nowhere: Place = { ...place, client: UNKNOWN_ID };
      return [postStep({ place: nowhere, body, expectation: 'not-found', cell })];
    }
    const step = writeStep(at, report(type), 'sequence');
    return kind === 'write' ? [step] : [step, step];
  }

  return (operations: readonly Operation[]): Probe => {
    const steps = operations.flatMap(stepsOf);
    const isEventual = consistency === 'eventual';
    const last = isEventual ? readsAgain(steps) : [];
    return {
      what: 'sequence',
      family: 'sequence',
      steps: [...steps, ...last],
      ...(isEventual && { settling: last.length }),
      relation: consistency === 'linearizable' ? 'history' : 'eventual-history',
    };
  };
}

/** Every read once more: in the end a service that agrees late has to agree. */
function readsAgain(steps: readonly Step[]): Step[] {
  const reads = steps.filter(({ method }) => method === 'GET');
  return [...new Map(reads.map((read) => [read.path, read])).values()];
}

function refusedStep(place: Place, body: string): Step {
  const cell = { id: 'rejected-lower-status', group: 'enum@status' };
  return postStep({ place, body, expectation: 'reject', cell });
}
