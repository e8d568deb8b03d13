import * as fc from 'fast-check';

import { readableTypes, type Expectation } from '../../core/index.ts';
import { readSpec } from '../runner/requests.ts';
import { requestMutation, type AnyMutation } from './mutation.ts';

type Query = readonly [name: string, expectation: Expectation, param: fc.Arbitrary<string>];

const queries: readonly Query[] = [
  ['absent', 'reject', fc.constant('')],
  ['empty', 'reject', fc.constant('?type=')],
  ['lower', 'reject', fc.constantFrom('?type=ccg', '?type=va')],
  ['unknown', 'reject', fc.constantFrom('?type=XX', '?type=CCG2', '?type=0', '?type=CCG,VA')],
  ['other-name', 'reject', fc.constantFrom('?Type=CCG', '?types=CCG')],
  ['repeated', 'either', fc.constant('?type=CCG&type=VA')],
  ['null-word', 'either', fc.constant('?type=null')],
];

const mutated: readonly AnyMutation[] = queries.map(([name, expectation, param]) =>
  requestMutation<string>({
    name: `query-${name}@type`,
    fingerprintClass: `query@${name === 'absent' ? 'required' : 'enum'}`,
    expectation,
    param,
    before: '?type=CCG',
    after: (query) => query || 'no query',
    spec: ({ param: query, target, intent }) => readSpec({ target, query, ...intent }),
  }),
);

/** Every type that a query can name. A type that was never reported may be answered 404. */
const readable: readonly AnyMutation[] = readableTypes.map((type) => {
  const query = `?type=${type}`;
  return requestMutation({
    name: `query-${type.toLowerCase()}@type`,
    fingerprintClass: 'valid@query',
    expectation: 'accept',
    param: fc.constant(null),
    before: 'a reported type',
    after: () => query,
    spec: ({ target, intent }) =>
      readSpec({ target, query, ...intent, expectation: target.types.includes(type) ? 'accept' : 'either' }),
  });
});

/** Queries of a read. */
export const queryType: readonly AnyMutation[] = [...mutated, ...readable];
