import * as fc from 'fast-check';

import { baseReport } from '../../core/index.ts';
import type { RequestSpec } from '../../core/client/index.ts';
import { hasDeclaredEffect } from '../mutations/effect.ts';
import { mutations, type ListedMutation } from '../mutations/index.ts';
import { mapConcurrently } from '../runner/map-concurrently.ts';
import { findingIdsIn } from '../runner/outcomes.ts';
import { seedFor } from '../runner/seeds.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { validReportIn } from '../triage/reports.ts';
import type { SuiteContext } from './suite.ts';

/** Each mutation of the base report once, so that findings need no shrinking. */
export function mutationTestCases(seed: number, target: TargetIds, withHeavy: boolean): TestCase[] {
  const sent = withHeavy ? mutations : mutations.filter(({ isHeavy }) => isHeavy !== true);
  return sent.map((mutation) => mutationTestCase(mutation, seed, target));
}

/** The largest number of draws of a parameter until one has the declared effect. */
export const MAX_DRAWS = 20;

/** @throws {Error} if no draw has the declared effect, which the tests of the mutations exclude */
export function mutationTestCase(mutation: ListedMutation, seed: number, target: TargetIds): TestCase {
  const { name, suite, state, effect } = mutation;
  const draw = (numRuns: number): RequestSpec | undefined =>
    fc
      .sample(mutation.param, { seed: seedFor(seed, name), numRuns })
      .map((param) => mutation.render(baseReport, param, target))
      .find((one) => hasDeclaredEffect(one, effect));
  // The first draw nearly always has the effect.
  const step = draw(1) ?? draw(MAX_DRAWS);
  if (step === undefined) throw new Error(`the mutation ${name} does not have its declared effect`);
  return { name, suite, steps: [step], ...(state && { state }), required: true };
}

/** Runs test cases with one request each and attributes their failures. */
export async function runMutations(testCases: readonly TestCase[], context: SuiteContext): Promise<void> {
  const { run, attribution, report, concurrency } = context;
  await mapConcurrently(testCases, concurrency, run, async (outcome, testCase) => {
    if (findingIdsIn(outcome).length === 0) return report(outcome);
    const sent = validReportIn(testCase);
    const attributed =
      sent === undefined
        ? await attribution.attributeToControl(testCase, outcome)
        : await attribution.attributeReport({ outcome, report: sent });
    for (const one of attributed) await report(one);
  });
}
