import type { RelationName } from '../../core/index.ts';
import { permissionFor, type Permissions } from '../../core/client/index.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import { permissionOf, type TestCase } from '../runner/test-case.ts';
import { historyTestCases } from './concurrent-histories.ts';
import { equivalentTestCases } from './equivalent-requests.ts';
import { mutationsOfBodies } from './mutations-on-random-reports.ts';
import { pairwiseRows } from './pairwise.ts';
import { MAX_OPERATIONS } from './sequences.ts';
import { mutationTestCases } from './single-mutations.ts';
import { quietReads, randomStateTestCases, storedStateTestCases } from './stored-state.ts';
import type { Consistency } from './suite.ts';

/** The size of a run. */
export interface PropertyVolume {
  readonly randomBodies: number;
  /** Histories of concurrent workers. */
  readonly histories: number;
  /** Random sequences of one worker. */
  readonly sequences: number;
  readonly consistency: Consistency;
  /** Whether mutations are also applied to random reports. */
  readonly mutatesRandomReports: boolean;
  /** Whether all pairs of unusual values are combined. */
  readonly pairwise: boolean;
  /** Whether large and deeply nested bodies are sent. */
  readonly heavy: boolean;
}

export interface PlanOptions extends PropertyVolume {
  readonly target: TargetIds;
  readonly seed: number;
  /** Test cases of earlier findings, which run first. */
  readonly corpus: readonly TestCase[];
}

/** The test cases that are known before the run, in the order of their execution. */
export interface PlannedTestCases {
  /** Test cases of the corpus that need strong consistency, if the service is eventually consistent. */
  readonly skipped: readonly TestCase[];
  readonly first: readonly TestCase[];
  readonly earlyMutations: readonly TestCase[];
  readonly state: readonly TestCase[];
  readonly lateMutations: readonly TestCase[];
  readonly equivalent: readonly TestCase[];
  readonly lateState: readonly TestCase[];
}

/** A part of the mutations and histories runs early, so that an interrupted run has covered every kind. */
const EARLY_MUTATIONS = 120;
const EARLY_HISTORIES = 2;

export function planTestCases(options: PlanOptions): PlannedTestCases {
  const { seed, target, heavy, corpus, consistency } = options;
  const mutations = mutationTestCases(seed, target, heavy);
  const histories = historyTestCases(options);
  const isEventual = consistency === 'eventual';
  return {
    skipped: isEventual ? corpus.filter(needsStrongConsistency) : [],
    first: isEventual
      ? corpus.filter((testCase) => !needsStrongConsistency(testCase)).map(forEventualConsistency)
      : [...corpus, quietReads(target)],
    earlyMutations: mutations.slice(0, EARLY_MUTATIONS),
    state: [...storedStateTestCases(seed, target, consistency), ...histories.slice(0, EARLY_HISTORIES)],
    lateMutations: mutations.slice(EARLY_MUTATIONS),
    equivalent: equivalentTestCases(target),
    lateState: [...randomStateTestCases(options), ...histories.slice(EARLY_HISTORIES)],
  };
}

const STRONG: readonly RelationName[] = ['linearizability', 'stable-reads', 'rejected-write'];

function needsStrongConsistency({ relation }: TestCase): boolean {
  return relation !== undefined && STRONG.includes(relation);
}

/** Adapts a test case that was stored in a run against a service with strong consistency. */
function forEventualConsistency(testCase: TestCase): TestCase {
  return testCase.relation === 'read-your-writes' ? { ...testCase, repeatedSteps: 1 } : testCase;
}

/** Estimates the requests of a run and how many of them write. */
export function estimateRequests(
  options: PlanOptions,
  permissions: Permissions,
): { readonly requests: number; readonly writes: number } {
  const { skipped: _, ...planned } = planTestCases(options);
  const testCases: TestCase[] = Object.values(planned).flat();
  const steps = testCases
    .filter((testCase) => permissions.allows(permissionOf(testCase)))
    .flatMap((testCase) => testCase.steps);
  const writes = steps.filter(({ method }) => permissionFor(method) === 'write').length;
  if (!permissions.allows('write')) return { requests: steps.length, writes };
  const pairs = options.pairwise ? pairwiseRows().length : 0;
  const mutated = options.mutatesRandomReports ? mutationsOfBodies().length : 0;
  const random = options.randomBodies + pairs + mutated;
  const operations = options.sequences * MAX_OPERATIONS;
  return {
    requests: steps.length + random + operations,
    writes: writes + random + Math.ceil(operations / 2),
  };
}
