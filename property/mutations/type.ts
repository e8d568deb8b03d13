import { reportMembers, type ReportMember } from '../../core/index.ts';
import * as fc from 'fast-check';

import { memberMutation, type AnyMutation, type Param } from './mutation.ts';

const typed: Record<string, fc.Arbitrary<Param>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  integer: fc.integer(),
  number: fc.constantFrom(0.5, -1.25, 1e-7, 3.75e20 + 0.5),
  string: fc.string(),
  array: fc.array(fc.integer(), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), { maxKeys: 1, noNullPrototype: true }),
};

/** The JSON types that each member may have. */
const valid: Record<ReportMember, readonly string[]> = {
  body: ['object'],
  status: ['string'],
  type: ['string', 'null'],
  timestamp: ['string'],
};

function wrongTypes(member: ReportMember): AnyMutation[] {
  return Object.entries(typed)
    .filter(([name]) => !valid[member].includes(name))
    .map(([name, param]) =>
      memberMutation({ operator: `type-${name}`, member, group: name, param, value: (_, drawn) => drawn }),
    );
}

const none = fc.constant(null);

function wrapped(member: ReportMember): AnyMutation[] {
  const inArray = memberMutation({
    operator: 'wrap-array',
    member,
    group: 'array',
    param: none,
    value: (current) => [current],
  });
  if (member === 'body') return [inArray];
  const value = (current: unknown): unknown => ({ value: current });
  return [inArray, memberMutation({ operator: 'wrap-object', member, group: 'object', param: none, value })];
}

/** Members with another JSON type. */
export const type: readonly AnyMutation[] = [
  ...reportMembers.flatMap((member) => [...wrongTypes(member), ...wrapped(member)]),
  memberMutation({
    operator: 'stringified',
    member: 'body',
    group: 'string',
    param: none,
    value: (current) => JSON.stringify(current),
  }),
];
