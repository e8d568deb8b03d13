import {
  inconclusiveBecause,
  type Attempt,
  type CheckName,
  type Finding,
  type Outcome,
  type SkipReason,
} from '../../core/index.ts';
import type { PropertyReplay, TestCase } from './test-case.ts';

export type PropertyOutcome = Outcome<PropertyReplay>;
export type PropertyAttempt = Attempt<PropertyReplay>;

export function checkNameOf({ name, suite }: TestCase): CheckName {
  return { layer: 'property', name, suite };
}

/** The outcome of a test case that is not possible on this target. */
export function skipped(
  testCase: TestCase,
  reason: SkipReason,
  details: Readonly<Record<string, string>> = {},
): PropertyOutcome {
  return { kind: 'skipped', ...checkNameOf(testCase), reason, details };
}

/** The outcome of a test case that was not sent. */
export function unsent(testCase: TestCase, why: string): PropertyAttempt {
  return {
    kind: 'inconclusive',
    ...checkNameOf(testCase),
    findings: [],
    inconclusive: [inconclusiveBecause('run.aborted', { why })],
    requests: 0,
    ...(testCase.required && { required: true }),
  };
}

export function isUnsent(outcome: PropertyOutcome): boolean {
  return outcome.kind === 'inconclusive' && outcome.requests === 0 && outcome.findings.length === 0;
}

export function findingsIn(outcome: PropertyOutcome): readonly Finding[] {
  return outcome.kind === 'skipped' ? [] : outcome.findings;
}

export function findingIdsIn(outcome: PropertyOutcome): string[] {
  return findingsIn(outcome).map(({ id }) => id);
}

/** The same outcome with 0 requests, if its requests are counted elsewhere. */
export function withoutRequests(outcome: PropertyOutcome): PropertyOutcome {
  return outcome.kind === 'skipped' ? outcome : { ...outcome, requests: 0 };
}

export function requestsOf(outcomes: readonly PropertyOutcome[]): number {
  return outcomes.reduce((sum, one) => sum + (one.kind === 'skipped' ? 0 : one.requests), 0);
}

/** Adds requests to the first outcome, such as those that found the cause of a failure. */
export function withRequests(outcomes: readonly PropertyOutcome[], requests: number): PropertyOutcome[] {
  const [first, ...others] = outcomes;
  if (first === undefined || first.kind === 'skipped' || requests === 0) return [...outcomes];
  return [{ ...first, requests: first.requests + requests }, ...others];
}
