import * as fc from 'fast-check';

import { managedClientType, readableTypes, type Expectation } from '../../core/index.ts';
import { readSpec } from '../runner/requests.ts';
import { nearMisses } from './enum-near-misses.ts';
import { requestMutation, type AnyMutation } from './mutation.ts';

interface Query {
  readonly name: string;
  readonly expectation: Expectation;
  /** With its question mark, percent-encoded. */
  readonly query: string;
  /** The kind of violation, for the fingerprint. */
  readonly kind: string;
}

const typeNames = managedClientType.enum.filter((value) => value !== null);

/** The same near misses as in a body. */
const nearMissQueries: readonly Query[] = nearMisses.map(({ name, kind, value }) => ({
  name,
  expectation: 'reject',
  query: `?type=${encodeURIComponent(value('CCG', typeNames.indexOf('CCG'), typeNames))}`,
  kind: kind === 'spelling' ? 'enum' : `enum-${kind}`,
}));

/** Parameters with another name or structure: the required parameter is missing. */
const otherNames: Readonly<Record<string, string>> = {
  absent: '',
  'other-case': '?Type=CCG',
  'upper-case': '?TYPE=CCG',
  plural: '?types=CCG',
  brackets: '?type[]=CCG',
  index: '?type[0]=CCG',
  'space-before': '?%20type=CCG',
  'encoded-equals': '?type%3DCCG',
  'in-semicolons': '?x=1;type=CCG',
};

const otherValues: Readonly<Record<string, string>> = {
  empty: '?type=',
  'no-value': '?type',
  unknown: '?type=XX',
  'two-equals': '?type==CCG',
  'plus-after': '?type=CCG+',
  'encoded-twice': '?type=%2543CG',
  'of-an-object': '?type[value]=CCG&type=',
  undefined: '?type=undefined',
  zero: '?type=0',
  true: '?type=true',
};

const queries: readonly Query[] = [
  ...nearMissQueries,
  ...Object.entries(otherNames).map(([name, query]): Query => ({
    name: `name-${name}`,
    expectation: 'reject',
    query,
    kind: 'required',
  })),
  ...Object.entries(otherValues).map(([name, query]): Query => ({
    name: `value-${name}`,
    expectation: 'reject',
    query,
    kind: 'enum',
  })),
  { name: 'repeated', expectation: 'either', query: '?type=CCG&type=VA', kind: 'repeated' },
  { name: 'repeated-invalid', expectation: 'either', query: '?type=CCG&type=XX', kind: 'repeated' },
  { name: 'null-word', expectation: 'either', query: '?type=null', kind: 'enum' },
  { name: 'extra-parameter', expectation: 'either', query: '?type=CCG&unknown=1', kind: 'extra' },
  { name: 'encoded-letter', expectation: 'either', query: '?type=%43CG', kind: 'encoding' },
];

const mutated: readonly AnyMutation[] = queries.map(({ name, expectation, query, kind }) =>
  requestMutation({
    name: `query-${name}@type`,
    fingerprintClass: `query@${kind}`,
    expectation,
    param: fc.constant(null),
    before: '?type=CCG',
    after: () => query || 'no query',
    spec: ({ target, intent }) => readSpec({ target, query, ...intent }),
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
