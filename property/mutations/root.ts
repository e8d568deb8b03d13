import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyMutation, type AnyMutation, type Param } from './mutation.ts';

type Root = readonly [
  name: string,
  param: fc.Arbitrary<Param>,
  value: (report: ManagedClientStatus, param: Param) => unknown,
];

const parameter = (_: unknown, param: Param): Param => param;

const roots: readonly Root[] = [
  ['null', fc.constant(null), parameter],
  ['boolean', fc.boolean(), parameter],
  ['integer', fc.integer(), parameter],
  ['number', fc.constantFrom(0.5, -1.25), parameter],
  ['string', fc.string(), parameter],
  ['array', fc.array(fc.integer(), { maxLength: 2 }), parameter],
  ['wrapped', fc.constant(null), (report) => [report]],
  ['stringified', fc.constant(null), (report) => JSON.stringify(report)],
];

/** JSON bodies that are not objects. */
export const root: readonly AnyMutation[] = roots.map(([name, param, value]) =>
  bodyMutation({
    name: `root-${name}@root`,
    fingerprintClass: `root@${name === 'null' ? 'null' : 'value'}`,
    expectation: 'reject',
    effect: { kind: 'schema-error', site: '' },
    param,
    body: (report, drawn) => JSON.stringify(value(report, drawn)),
  }),
);
