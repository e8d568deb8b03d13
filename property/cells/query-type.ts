import * as fc from 'fast-check';

import type { Expectation } from '../../contracts/index.ts';
import { getStep } from '../requests.ts';
import { requestCell, type AnyCell } from './cell.ts';

type Query = readonly [name: string, expectation: Expectation, param: fc.Arbitrary<string>];

const queries: readonly Query[] = [
  ['absent', 'reject', fc.constant('')],
  ['empty', 'reject', fc.constant('?type=')],
  ['lower', 'reject', fc.constantFrom('?type=ccg', '?type=va')],
  ['unknown', 'reject', fc.constantFrom('?type=XX', '?type=CCG2', '?type=0', '?type=CCG,VA')],
  ['other-name', 'reject', fc.constantFrom('?Type=CCG', '?types=CCG')],
  ['repeated', 'either', fc.constant('?type=CCG&type=VA')],
  ['null-word', 'either', fc.constant('?type=null')],
  ['ccg', 'accept', fc.constant('?type=CCG')],
  ['va', 'accept', fc.constant('?type=VA')],
  ['internal', 'accept', fc.constant('?type=INTERNAL')],
  ['iiq-harvester', 'accept', fc.constant('?type=IIQ_HARVESTER')],
];

/** The query of a GET. */
export const queryType: readonly AnyCell[] = queries.map(([name, expectation, param]) =>
  requestCell<string>({
    id: `query-${name}@type`,
    group: expectation === 'accept' ? 'valid@query' : `query@${name === 'absent' ? 'required' : 'enum'}`,
    expectation,
    param,
    was: '?type=CCG',
    sent: (query) => query || 'no query',
    step: ({ param: query, client, asks }) => getStep({ client, query, ...asks }),
  }),
);
