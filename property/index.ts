import type { Emit, Quota } from '../core/index.ts';
import {
  pacedDuration,
  requestsWithin,
  type Budget,
  type BudgetShare,
  type Cost,
  type CostLimits,
} from '../core/client/index.ts';
import { findingIdsIn, isUnsent, skipped, type PropertyOutcome } from './runner/outcomes.ts';
import { Runner, type RunnerContext } from './runner/runner.ts';
import { seedFor } from './runner/seeds.ts';
import type { PropertyReplay } from './runner/test-case.ts';
import { mutationsOfBodies, runMutationsOnRandomReports } from './suites/mutations-on-random-reports.ts';
import { runPairwiseReports } from './suites/pairwise.ts';
import { estimateRequests, planTestCases, type PlanOptions } from './suites/plan.ts';
import { runRandomReports } from './suites/random-reports.ts';
import { runSequences } from './suites/sequences.ts';
import { runMutations } from './suites/single-mutations.ts';
import { runStoredState } from './suites/stored-state.ts';
import type { SuiteContext } from './suites/suite.ts';
import { Attribution } from './triage/attribution.ts';
import { FlakeFilter } from './triage/flake-filter.ts';

export interface PropertyContext extends PlanOptions, RunnerContext {
  /** Number of test cases that run at a time. */
  readonly concurrency: number;
  /** Requests that shrinking one failure may send. */
  readonly maxShrinks: number;
  /** How often a crash must occur again to be reported with its full severity. */
  readonly confirmations: number;
  /** Undefined sends without delay. */
  readonly pace: Quota | undefined;
  readonly budget: Budget;
  readonly limits: CostLimits;
  /** Whether random requests continue until the budget is spent. */
  readonly fillsBudget: boolean;
  /** The part of the budget that later layers need. */
  readonly reserved: BudgetShare;
}

/** Estimates the cost of a run. */
export function plan(context: PropertyContext): Cost {
  const { pace, limits, permissions, fillsBudget, reserved } = context;
  const planned = estimateRequests(context, permissions);
  const ownRequests = limits.requests && limits.requests - (fillsBudget ? reserved.requests : 0);
  const available = Math.max(0, requestsWithin({ ...limits, requests: ownRequests }, pace));
  const fills = fillsBudget && permissions.allows('write') && available !== Infinity;
  const requests = fills ? available : Math.min(planned.requests, available);
  const writes = Math.ceil((planned.writes * requests) / planned.requests);
  return { requests, writes, violations: 0, durationMs: pacedDuration(requests, pace) };
}

/**
 * Runs the corpus and all suites, in the order of `runSuites`.
 * @throws the error that ended the run, such as an interruption, after all outcomes were emitted
 */
export async function run(context: PropertyContext, emit: Emit<PropertyReplay>): Promise<void> {
  const runner = new Runner(context);
  const flakes = new FlakeFilter(runner.run, context.confirmations);
  const reported = new Set<string>();
  const emitOutcome = (outcome: PropertyOutcome): void => {
    if (runner.failure !== undefined && isUnsent(outcome)) return;
    for (const id of findingIdsIn(outcome)) reported.add(id);
    emit(outcome);
  };
  const suites: SuiteContext = {
    ...context,
    run: runner.run,
    attribution: new Attribution(context.target, runner.run),
    report: async (outcome) => {
      const checked = await flakes.check(outcome);
      if (checked !== undefined) emitOutcome(checked);
    },
    isReported: (id) => reported.has(id),
  };
  await runSuites(context, suites);
  for (const outcome of flakes.heldOutcomes()) emitOutcome(outcome);
  if (runner.failure !== undefined) throw runner.failure;
}

async function runSuites(context: PropertyContext, suites: SuiteContext): Promise<void> {
  const { seed, randomBodies, sequences, permissions } = context;
  const planned = planTestCases(context);
  const canWrite = permissions.allows('write');
  const earlySequences = canWrite ? Math.min(1, sequences) : 0;
  for (const testCase of planned.skipped) await suites.report(skipped(testCase, 'eventually-consistent'));
  for (const testCase of planned.first) await suites.report(await suites.run(testCase));
  await runMutations(planned.earlyMutations, suites);
  await runStoredState(planned.state, suites);
  await runSequences(suites, seedFor(seed, 'early'), earlySequences);
  await runMutations(planned.lateMutations, suites);
  await runMutations(planned.equivalent, suites);
  if (canWrite) {
    if (context.mutatesRandomReports) await runMutationsOnRandomReports(suites);
    if (context.pairwise) await runPairwiseReports(suites);
    await runRandomReports(suites, randomBodies);
  }
  await runStoredState(planned.lateState, suites);
  if (!canWrite) return;
  await runSequences(suites, seed, sequences - earlySequences);
  await fillBudget(context, suites);
}

/**
 * Continues with random reports and mutations of random reports, in parts of limited size, until the budget is spent. Test
 * cases that the budget does not cover were not planned and are not reported.
 */
async function fillBudget(
  { fillsBudget, budget, reserved, seed }: PropertyContext,
  suites: SuiteContext,
): Promise<void> {
  if (!fillsBudget) return;
  const count = mutationsOfBodies().length;
  // Counts the evaluated test cases, to stop when the target no longer responds.
  let [evaluated, before] = [0, -1];
  const report = async (outcome: PropertyOutcome): Promise<void> => {
    if (outcome.kind === 'evaluated') evaluated += 1;
    if (outcome.kind !== 'skipped') await suites.report(outcome);
  };
  for (let part = 1; evaluated > before && budget.isLeft(reserved); part++) {
    before = evaluated;
    const context = { ...suites, report, seed: seedFor(seed, `shard ${part}`) };
    await runRandomReports(context, count);
    await runMutationsOnRandomReports(context);
  }
}

/** Sends a test case again. */
export async function replay({ testCase }: PropertyReplay, context: RunnerContext): Promise<PropertyOutcome> {
  const runner = new Runner(context);
  const outcome = await runner.run(testCase);
  if (runner.failure !== undefined) throw runner.failure;
  return outcome;
}

export { forManagedClient, type PropertyReplay, type TestCase } from './runner/test-case.ts';
export type { TargetIds } from './runner/target-ids.ts';
