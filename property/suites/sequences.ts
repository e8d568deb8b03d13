import * as fc from 'fast-check';

import {
  baseReport,
  isSafeMethod,
  typeQuery,
  UNKNOWN_ID,
  type ManagedClientStatus,
  type ReadableType,
} from '../../core/index.ts';
import type { RequestSpec } from '../../core/client/index.ts';
import { runCampaign } from '../runner/campaign.ts';
import {
  findingIdsIn,
  requestsOf,
  withoutRequests,
  withRequests,
  type PropertyOutcome,
} from '../runner/outcomes.ts';
import { readSpec, trackedWriteSpec, writeSpec } from '../runner/requests.ts';
import { seedFor } from '../runner/seeds.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { WriteIds } from '../runner/write-ids.ts';
import { rejectedReportIn } from '../triage/reports.ts';
import type { SuiteContext } from './suite.ts';

/** One operation of a sequence, as JSON data. */
interface SequenceOperation {
  readonly kind: 'write' | 'read' | 'repeat' | 'rejected' | 'unknown';
  readonly managedClient: 'first' | 'second';
  readonly type: ReadableType;
}

export const MAX_OPERATIONS = 20;

const EPOCH = Date.UTC(2023, 0, 1);
/** Different seeds start on different days, so that the timestamps of early and late sequences do not overlap. */
const MAX_DAYS = 300;
const DAY_MS = 86_400_000;

/**
 * Random sequences of one worker: it writes, reads, repeats writes and sends rejected requests for all managed clients and
 * types. The consistency relation decides what each read must return. Failing sequences are shrunk.
 * @param seed distinguishes the sequences at the beginning of a run from those at the end
 */
export async function runSequences(context: SuiteContext, seed: number, count: number): Promise<void> {
  if (count === 0) return;
  const { target, maxShrinks, run, attribution, report, isReported } = context;
  const ownSeed = seedFor(seed, 'sequences');
  const render = rendererFor(context, ownSeed >>> 0);
  let failedRequests = 0;
  const minima = await runCampaign<readonly SequenceOperation[], readonly PropertyOutcome[]>({
    arbitrary: sequenceArbitrary(target),
    seed: ownSeed,
    numRuns: count,
    concurrency: 1,
    maxShrinks,
    judge: async (operations) => {
      const outcome = await run(render(operations));
      const rejected = rejectedReportIn(outcome);
      const outcomes =
        rejected === undefined ? [outcome] : await attribution.attributeReport({ outcome, report: rejected });
      const keys = outcomes.flatMap(findingIdsIn).filter((id) => !isReported(id));
      return { keys, report: outcomes, cost: requestsOf(outcomes) };
    },
    onVerdict: async ({ keys, report: outcomes }) => {
      if (keys.length > 0) failedRequests += requestsOf(outcomes);
      else for (const outcome of outcomes) await report(outcome);
    },
  });
  for (const [index, { report: outcomes, shrinks }] of minima.entries()) {
    const requests = shrinks + (index === 0 ? failedRequests : 0);
    for (const outcome of withRequests(outcomes.map(withoutRequests), requests)) await report(outcome);
  }
}

function sequenceArbitrary({ types, second }: TargetIds): fc.Arbitrary<readonly SequenceOperation[]> {
  const operation = fc.record<SequenceOperation>({
    kind: fc.oneof(
      { weight: 4, arbitrary: fc.constant('read' as const) },
      { weight: 3, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('repeat' as const) },
      { weight: 1, arbitrary: fc.constant('rejected' as const) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
    ),
    managedClient: second === undefined ? fc.constant('first' as const) : fc.constantFrom('first', 'second'),
    type: fc.constantFrom(...types),
  });
  return fc.array(operation, { minLength: 1, maxLength: MAX_OPERATIONS, size: 'max' });
}

/** Converts operations to test cases. Counts the writes, so that each has its own write id, even after shrinking. */
function rendererFor({ target, consistency }: SuiteContext, seed: number) {
  const writeIds = new WriteIds(`${seed}-s`, EPOCH + (seed % MAX_DAYS) * DAY_MS);
  const reportOf = (type: ReadableType): ManagedClientStatus =>
    writeIds.addTo({ ...baseReport, type, body: {} });

  function stepsOf({ kind, managedClient, type }: SequenceOperation): RequestSpec[] {
    const own = managedClient === 'second' ? { ...target, ...target.second } : target;
    if (kind === 'read') {
      // A type that was never reported need not be readable.
      const query = typeQuery(own.types.includes(type) ? type : own.types[0]);
      return [readSpec({ target: own, query, expectation: 'accept' })];
    }
    if (kind === 'rejected') {
      const body = JSON.stringify({ ...reportOf(type), status: 'failed' });
      const mutation = { name: 'rejected-lower-status', fingerprintClass: 'enum-case@status' };
      return [writeSpec({ target: own, body, expectation: 'reject', mutation })];
    }
    if (kind === 'unknown') {
      const unknown = { ...target, managedClient: UNKNOWN_ID };
      const mutation = { name: 'id-unknown@post', fingerprintClass: 'id-unknown@path' };
      const body = JSON.stringify(reportOf(type));
      return [writeSpec({ target: unknown, body, expectation: 'not-found', mutation })];
    }
    const step = trackedWriteSpec(own, reportOf(type), 'sequence');
    return kind === 'write' ? [step] : [step, step];
  }

  return (operations: readonly SequenceOperation[]): TestCase => {
    const steps = operations.flatMap(stepsOf);
    const isEventual = consistency === 'eventual';
    const last = isEventual ? distinctReads(steps) : [];
    return {
      name: 'sequence',
      suite: 'sequences',
      steps: [...steps, ...last],
      ...(isEventual && { repeatedSteps: last.length }),
      relation: isEventual ? 'eventual-consistency' : 'linearizability',
    };
  };
}

function distinctReads(steps: readonly RequestSpec[]): RequestSpec[] {
  const reads = steps.filter(({ method }) => isSafeMethod(method));
  return [...new Map(reads.map((read) => [read.path, read])).values()];
}
