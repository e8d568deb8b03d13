import * as fc from 'fast-check';

import { baseReport, typeQuery, type ReadableType } from '../../core/index.ts';
import type { RequestSpec } from '../../core/client/index.ts';
import { readSpec, trackedWriteSpec } from '../runner/requests.ts';
import { seedFor } from '../runner/seeds.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { WriteIds } from '../runner/write-ids.ts';
import type { Consistency } from './suite.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly target: TargetIds;
  /** Number of histories. */
  readonly histories: number;
  readonly consistency: Consistency;
}

const WORKERS = 4;
const OPERATIONS = 24;

const EPOCH = Date.UTC(2022, 0, 1);

/**
 * Histories: four workers read and write the same statuses concurrently. Each write has a write id and a timestamp, so
 * that a read identifies the write it returns and shows whether two writes were mixed. A write of each type comes first.
 */
export function historyTestCases({ seed, target, histories, consistency }: HistoryOptions): TestCase[] {
  const ownSeed = seedFor(seed, 'histories') >>> 0;
  const plans = fc.sample(historyArbitrary(target), { seed: ownSeed, numRuns: histories });
  const writeIds = new WriteIds(`${ownSeed}-h`, EPOCH);
  const write = (type: ReadableType): RequestSpec =>
    trackedWriteSpec(target, writeIds.addTo({ ...baseReport, type, body: {} }), 'history');
  const read = (type: ReadableType): RequestSpec =>
    readSpec({ target, query: typeQuery(type), expectation: 'accept' });
  return plans.map((plan, index): TestCase => {
    const first = target.types.map((type) => ({ worker: WORKERS, step: write(type) }));
    const planned = plan.map(({ worker, type, isWrite }) => ({
      worker,
      step: isWrite ? write(type) : read(type),
    }));
    // The history of an eventually consistent service ends with reads that must converge.
    const isEventual = consistency === 'eventual';
    const last = isEventual
      ? target.types.map((type) => ({ worker: 'last' as const, step: read(type) }))
      : [];
    const all = [...first, ...planned, ...last];
    return {
      name: `history-${index}`,
      suite: 'histories',
      steps: all.map(({ step }) => step),
      workers: all.map(({ worker }) => worker),
      relation: isEventual ? 'eventual-consistency' : 'linearizability',
      ...(isEventual && { repeatedSteps: last.length }),
    };
  });
}

function historyArbitrary({ types }: TargetIds) {
  const operation = fc.record({
    worker: fc.nat({ max: WORKERS - 1 }),
    type: fc.constantFrom(...types),
    isWrite: fc.boolean(),
  });
  return fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS });
}
