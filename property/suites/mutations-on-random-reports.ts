import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { hasDeclaredEffect } from '../mutations/effect.ts';
import { mutations, type ListedMutation } from '../mutations/index.ts';
import type { Param } from '../mutations/mutation.ts';
import { classOfReport } from '../runner/changed-fields.ts';
import { countRequests } from '../runner/count-requests.ts';
import { mapConcurrently } from '../runner/map-concurrently.ts';
import {
  findingIdsIn,
  findingsIn,
  requestsOf,
  withoutRequests,
  withRequests,
  type PropertyOutcome,
} from '../runner/outcomes.ts';
import type { Run } from '../runner/runner.ts';
import { seedFor } from '../runner/seeds.ts';
import type { TestCase } from '../runner/test-case.ts';
import { unattributedId } from '../triage/attribution.ts';
import { minimizeReport } from '../triage/minimize.ts';
import { reportTestCase, UNATTRIBUTED, validReportIn } from '../triage/reports.ts';
import { MAX_DRAWS, mutationTestCase } from './single-mutations.ts';
import type { SuiteContext } from './suite.ts';

/**
 * Applies each mutation of a body to a random report, which finds defects that need two conditions. A failure is compared
 * with the report alone and with the mutation alone before it is reported.
 */
export async function runMutationsOnRandomReports(context: SuiteContext): Promise<void> {
  const { run, report, concurrency } = context;
  const drawn = mutationsOfBodies().flatMap((mutation) => draw(mutation, context) ?? []);
  const send = (one: MutatedReport): Promise<PropertyOutcome> => run(testCaseOf(one));
  await mapConcurrently(drawn, concurrency, send, async (outcome, one) => {
    const outcomes = findingIdsIn(outcome).length === 0 ? [outcome] : await attribute(one, outcome, context);
    for (const attributed of outcomes) await report(attributed);
  });
}

/** Mutations whose effect on another report can be verified. */
export function mutationsOfBodies(): readonly ListedMutation[] {
  return mutations.filter(({ effect, isHeavy }) => effect.kind !== 'unchecked' && isHeavy !== true);
}

interface MutatedReport {
  readonly mutation: ListedMutation;
  readonly report: ManagedClientStatus;
  readonly testCaseFor: (report: ManagedClientStatus, fingerprintClass: string) => TestCase;
}

function testCaseOf({ mutation, report, testCaseFor }: MutatedReport): TestCase {
  return testCaseFor(report, mutation.fingerprintClass);
}

/** @returns undefined if no draw has the declared effect, because some mutations need the base report */
function draw(mutation: ListedMutation, { seed, target }: SuiteContext): MutatedReport | undefined {
  const { name, effect } = mutation;
  const pair = fc.record({ report: managedClientStatus(), param: mutation.param });
  const isUsable = ({ report, param }: { report: ManagedClientStatus; param: Param }): boolean =>
    hasDeclaredEffect(mutation.render(report, param, target), effect);
  const ownSeed = seedFor(seed, `rich ${name}`);
  // Drawing is expensive, and the first draw is usable as a rule.
  const found =
    fc.sample(pair, { seed: ownSeed, numRuns: 1 }).find(isUsable) ??
    fc.sample(pair, { seed: ownSeed, numRuns: MAX_DRAWS }).find(isUsable);
  if (found === undefined) return undefined;
  const testCaseFor = (report: ManagedClientStatus, fingerprintClass: string): TestCase => {
    const step = mutation.render(report, found.param, target);
    const info = { ...step.intent.mutation, name, fingerprintClass };
    return {
      name,
      suite: 'mutations-on-random-reports',
      steps: [{ ...step, intent: { ...step.intent, mutation: info } }],
    };
  };
  return { mutation, report: found.report, testCaseFor };
}

async function attribute(
  mutated: MutatedReport,
  outcome: PropertyOutcome,
  context: SuiteContext,
): Promise<PropertyOutcome[]> {
  const { attribution } = context;
  const testCase = testCaseOf(mutated);
  const valid = validReportIn(testCase);
  if (valid !== undefined) return attribution.attributeReport({ report: valid, outcome });
  const attributed = await attribution.attributeToControl(testCase, outcome);
  const [first, ...others] = attributed;
  const isUnchanged = others.length === 0 && first !== undefined && hasSameFindings(first, outcome);
  if (!isUnchanged) return attributed;
  const { run, count } = countRequests(context.run);
  const compared = await compare(mutated, first, { ...context, run });
  return withRequests(compared, requestsOf([first]) + count());
}

function hasSameFindings(one: PropertyOutcome, other: PropertyOutcome): boolean {
  return one.kind === other.kind && findingsIn(one) === findingsIn(other);
}

/**
 * Compares a failure with the report alone and with the mutation alone. If neither fails, it needs both.
 * @returns outcomes that do not contain the requests of this function
 */
async function compare(
  { mutation, report, testCaseFor }: MutatedReport,
  outcome: PropertyOutcome,
  { seed, target, run, attribution }: SuiteContext,
): Promise<PropertyOutcome[]> {
  const control = await run(reportTestCase(report, target, UNATTRIBUTED));
  const controlIds = findingIdsIn(control);
  const unexplained = findingsIn(outcome)
    .map(unattributedId)
    .filter((id) => !controlIds.includes(id));
  if (unexplained.length === 0)
    return attribution.attributeReport({ report, outcome: withoutRequests(control) });
  const alone = findingsIn(await run(mutationTestCase(mutation, seed, target))).map(unattributedId);
  const key = unexplained.find((id) => !alone.includes(id));
  if (key === undefined) return [withoutRequests(outcome)];
  const smallest = await minimizeReport(report, async (candidate) => {
    const smaller = testCaseFor(candidate, mutation.fingerprintClass);
    const hasEffect = smaller.steps.every((step) => hasDeclaredEffect(step, mutation.effect));
    return hasEffect && (await showsIn(smaller, key, run)) !== undefined;
  });
  const fields = classOfReport(smallest).replace('valid@', '');
  const named = testCaseFor(smallest, `${mutation.fingerprintClass} with ${fields}`);
  return [withoutRequests((await showsIn(named, key, run)) ?? outcome)];
}

/** The outcome of a test case, undefined if it does not fail in the given way. */
async function showsIn(testCase: TestCase, key: string, run: Run): Promise<PropertyOutcome | undefined> {
  const outcome = await run(testCase);
  return findingsIn(outcome).some((finding) => unattributedId(finding) === key) ? outcome : undefined;
}
