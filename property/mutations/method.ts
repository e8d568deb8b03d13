import * as fc from 'fast-check';

import type { Expectation } from '../../core/index.ts';
import { getStep } from '../runner/requests.ts';
import { requestCell, type AnyCell } from './mutation.ts';

const methods: Record<string, Expectation> = {
  PUT: 'no-operation',
  PATCH: 'no-operation',
  DELETE: 'no-operation',
  // Many servers answer these two for every resource: only crashes count.
  OPTIONS: 'either',
  HEAD: 'either',
};

/** Methods that the resource does not document. */
export const method: readonly AnyCell[] = Object.entries(methods).map(([name, expectation]) =>
  requestCell({
    id: `method-${name.toLowerCase()}@method`,
    group: 'method@method',
    expectation,
    param: fc.constant(null),
    was: 'GET',
    sent: () => name,
    step: ({ place, asks }) => ({
      ...getStep({ place, ...asks }),
      method: name,
      asked: { operation: undefined, ...asks },
    }),
  }),
);
