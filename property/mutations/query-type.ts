import * as fc from 'fast-check';

import { readableTypes, type Expectation } from '../../core/index.ts';
import { getStep } from '../runner/requests.ts';
import { requestCell, type AnyCell } from './mutation.ts';

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

const spoilt: readonly AnyCell[] = queries.map(([name, expectation, param]) =>
  requestCell<string>({
    id: `query-${name}@type`,
    group: `query@${name === 'absent' ? 'required' : 'enum'}`,
    expectation,
    param,
    was: '?type=CCG',
    sent: (query) => query || 'no query',
    step: ({ param: query, place, asks }) => getStep({ place, query, ...asks }),
  }),
);

/** Every type that a GET can name. A client that never reported one of them may answer 404: nobody is wrong either way. */
const readable: readonly AnyCell[] = readableTypes.map((type) => {
  const query = `?type=${type}`;
  return requestCell({
    id: `query-${type.toLowerCase()}@type`,
    group: 'valid@query',
    expectation: 'accept',
    param: fc.constant(null),
    was: 'a type that is there',
    sent: () => query,
    step: ({ place, asks }) =>
      getStep({ place, query, ...asks, expectation: place.types.includes(type) ? 'accept' : 'either' }),
  });
});

/** The query of a GET. */
export const queryType: readonly AnyCell[] = [...spoilt, ...readable];
