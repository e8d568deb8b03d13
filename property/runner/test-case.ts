import { providerStates, type RelationName, type StateName } from '../../core/index.ts';
import { callerOf, permissionFor, type Permission, type RequestSpec } from '../../core/client/index.ts';
import { RUN_ID } from './write-ids.ts';

/** One execution: requests and the relation that their exchanges must meet. Plain JSON data that can be stored. */
export interface TestCase {
  /** A stable name, such as that of a mutation. It is the name of the outcome. */
  readonly name: string;
  readonly suite: string;
  readonly steps: readonly RequestSpec[];
  readonly relation?: RelationName;
  /**
   * The worker that sends each step. Workers send concurrently, each of them its steps in order. The first worker sends
   * before the others start; `last` steps are sent when all others have finished.
   */
  readonly workers?: readonly (number | 'last')[];
  /** Number of final steps to repeat until the relation holds, if the service is eventually consistent. */
  readonly repeatedSteps?: number;
  /** A provider state that the test case needs. */
  readonly state?: StateName;
  /** The layer has no verdict without this test case. */
  readonly required?: true;
}

/** The data to send the findings of a test case again. */
export interface PropertyReplay {
  readonly layer: 'property';
  readonly testCase: TestCase;
}

/** The name of the caller that a state creates. Each state has its own, because test cases run concurrently. */
export function stateCaller(state: StateName): string {
  return `state ${Object.keys(providerStates).indexOf(state)}`;
}

/** Replaces the managed client in all paths of a test case. */
export function forManagedClient(testCase: TestCase, from: string, to: string): TestCase {
  const [before = '', after = ''] = [from, to].map(encodeURIComponent);
  const steps = testCase.steps.map((step) => {
    const [head, segment = '', tail] = step.path.split(/(?<=\/managed-clients\/)(.*)(?=\/status)/);
    // A path mutation contains the id as a part of the segment.
    return tail === undefined
      ? step
      : { ...step, path: `${head}${segment.replace(before, () => after)}${tail}` };
  });
  return { ...testCase, steps };
}

/** Inserts the id of the run into the write ids of a test case. */
export function withRunId(testCase: TestCase, runId: string): TestCase {
  const steps = testCase.steps.map((step) =>
    step.body !== undefined && 'text' in step.body && step.body.text.includes(RUN_ID)
      ? { ...step, body: { text: step.body.text.replaceAll(RUN_ID, runId) } }
      : step,
  );
  return { ...testCase, steps };
}

export function permissionOf({ steps }: TestCase): Permission {
  return steps.some(({ method }) => permissionFor(method) === 'write') ? 'write' : 'read';
}

/** The callers whose tokens a test case needs. */
export function callersOf({ steps }: TestCase): string[] {
  return steps.flatMap(({ authorization }) => callerOf(authorization) ?? []);
}
