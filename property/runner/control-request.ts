import { operations, type MutationInfo, type OperationId } from '../../core/index.ts';
import { specFor } from './requests.ts';
import type { TargetIds } from './target-ids.ts';
import type { TestCase } from './test-case.ts';

export const CONTROL_SUITE = 'control';

/**
 * A test case with the base request of an operation. If it fails, a failure of another request is not caused by its mutation.
 * @param mutation only names the test case in findings
 */
export function controlTestCase(
  operation: OperationId,
  target: TargetIds,
  mutation?: MutationInfo,
): TestCase {
  const step = specFor(operation, { target, expectation: 'accept', ...(mutation && { mutation }) });
  return {
    name: `control-${operations[operation].method.toLowerCase()}`,
    suite: CONTROL_SUITE,
    steps: [step],
  };
}
