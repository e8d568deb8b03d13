import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyCell, type AnyCell, type Param } from './mutation.ts';

type Root = readonly [
  name: string,
  param: fc.Arbitrary<Param>,
  value: (base: ManagedClientStatus, param: Param) => unknown,
];

const drawn = (_: unknown, param: Param): Param => param;

const roots: readonly Root[] = [
  ['null', fc.constant(null), drawn],
  ['boolean', fc.boolean(), drawn],
  ['integer', fc.integer(), drawn],
  ['number', fc.constantFrom(0.5, -1.25), drawn],
  ['string', fc.string(), drawn],
  ['array', fc.array(fc.integer(), { maxLength: 2 }), drawn],
  ['wrapped', fc.constant(null), (base) => [base]],
  ['stringified', fc.constant(null), (base) => JSON.stringify(base)],
];

/** A body that is JSON and no object. */
export const root: readonly AnyCell[] = roots.map(([name, param, value]) =>
  bodyCell({
    id: `root-${name}@root`,
    group: `root@${name === 'null' ? 'null' : 'value'}`,
    expectation: 'reject',
    breaks: { kind: 'schema', site: '' },
    param,
    body: (base, chosen) => JSON.stringify(value(base, chosen)),
  }),
);
