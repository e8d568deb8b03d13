import * as fc from 'fast-check';

import { operationIds, operations, type Expectation } from '../../core/index.ts';
import { readSpec } from '../runner/requests.ts';
import { requestMutation, type AnyMutation } from './mutation.ts';

const candidates: Record<string, Expectation> = {
  PUT: 'no-operation',
  PATCH: 'no-operation',
  DELETE: 'no-operation',
  // Many servers answer these for every resource, so only crashes are findings.
  OPTIONS: 'either',
  HEAD: 'either',
};

const documented: readonly string[] = operationIds.map((id) => operations[id].method);
const methods = Object.entries(candidates).filter(([name]) => !documented.includes(name));

/** Undocumented methods. */
export const method: readonly AnyMutation[] = methods.map(([name, expectation]) =>
  requestMutation({
    name: `method-${name.toLowerCase()}@method`,
    fingerprintClass: 'method@method',
    expectation,
    param: fc.constant(null),
    before: 'GET',
    after: () => name,
    spec: ({ target, intent }) => ({
      ...readSpec({ target, ...intent }),
      method: name,
      intent: { operation: undefined, ...intent },
    }),
  }),
);
