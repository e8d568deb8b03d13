import * as fc from 'fast-check';

import { memberCell, members, type AnyCell, type Member, type Param } from './mutation.ts';

const typed: Record<string, fc.Arbitrary<Param>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  integer: fc.integer(),
  number: fc.constantFrom(0.5, -1.25, 1e-7, 3.75e20 + 0.5),
  string: fc.string(),
  array: fc.array(fc.integer(), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), { maxKeys: 1, noNullPrototype: true }),
};

/** What each member may be; every other JSON type breaks it. A string that is not in an enum is the enum family's. */
const legal: Record<Member, readonly string[]> = {
  body: ['object'],
  status: ['string'],
  type: ['string', 'null'],
  timestamp: ['string'],
};

function wrongTypes(site: Member): AnyCell[] {
  return Object.entries(typed)
    .filter(([name]) => !legal[site].includes(name))
    .map(([name, param]) =>
      memberCell({ operator: `type-${name}`, site, group: name, param, value: (_, drawn) => drawn }),
    );
}

const none = fc.constant(null);

function wrapped(site: Member): AnyCell[] {
  const inArray = memberCell({
    operator: 'wrap-array',
    site,
    group: 'array',
    param: none,
    value: (was) => [was],
  });
  if (site === 'body') return [inArray];
  const value = (was: unknown): unknown => ({ value: was });
  return [inArray, memberCell({ operator: 'wrap-object', site, group: 'object', param: none, value })];
}

/** A member of another JSON type. */
export const type: readonly AnyCell[] = [
  ...members.flatMap((site) => [...wrongTypes(site), ...wrapped(site)]),
  memberCell({
    operator: 'stringified',
    site: 'body',
    group: 'string',
    param: none,
    value: (was) => JSON.stringify(was),
  }),
];
