import * as fc from 'fast-check';

import type { Expectation } from '../../contracts/index.ts';
import { getStep } from '../requests.ts';
import { anyCell, type AnyCell } from './cell.ts';

const methods: Record<string, Expectation> = {
  PUT: 'no-operation',
  PATCH: 'no-operation',
  DELETE: 'no-operation',
  // Many servers answer these two for every resource: only crashes count.
  OPTIONS: 'either',
  HEAD: 'either',
};

/** Methods that the resource does not document. */
export const method: readonly AnyCell[] = Object.entries(methods).map(([name, expectation]) => {
  const id = `method-${name.toLowerCase()}@method`;
  const group = 'method@method';
  return anyCell({
    id,
    group,
    expectation,
    breaks: { kind: 'unchecked' },
    param: fc.constant(null),
    render(_, __, client) {
      const step = getStep({ client, query: '?type=CCG', expectation });
      const cell = { id, group, was: 'GET', sent: name };
      return { ...step, method: name, asked: { operation: undefined, expectation, cell } };
    },
  });
});
