import { expect, test } from '@jest/globals';

import type { ManagedClientStatus } from '../../core/index.ts';
import { changedFields } from '../runner/changed-fields.ts';
import { minimizeReport } from '../triage/minimize.ts';
import { factors, pairwiseRows, type PairwiseRow } from './pairwise.ts';

type Factor = keyof typeof factors;

/** The number of pairs of values of two factors that occur in a row. */
function pairsOf(one: Factor, other: Factor): number {
  return new Set(pairwiseRows().map((row: PairwiseRow) => `${row[one]} ${row[other]}`)).size;
}

test.each<[Factor, Factor]>([
  ['status', 'type'],
  ['status', 'timestamp'],
  ['status', 'body'],
  ['status', 'order'],
  ['status', 'format'],
  ['type', 'timestamp'],
  ['type', 'body'],
  ['type', 'order'],
  ['type', 'format'],
])('combines every %s with every %s', (one, other) => {
  expect(pairsOf(one, other)).toBe(factors[one].length * factors[other].length);
});

test('needs the minimum number of rows', () => {
  expect([factors.body.length, factors.timestamp.length]).toEqual([30, 10]);
  expect(pairwiseRows()).toHaveLength(210);
});

const rich = {
  body: { a: 1, b: null, c: 'x' },
  status: 'FAILED',
  type: 'INTERNAL',
  timestamp: '9999-12-31T23:59:59Z',
} as const;

test.each<[string, (report: ManagedClientStatus) => boolean, string, number]>([
  ['a type', ({ type }) => type === 'INTERNAL', 'type', 7],
  ['a status and a type', ({ status, type }) => status === 'FAILED' && type === 'INTERNAL', 'status+type', 8],
  ['a key', ({ body }) => 'b' in (body as object), 'body', 8],
  [
    'a key or a timestamp',
    ({ body, timestamp }) => 'c' in (body as object) || timestamp.startsWith('9'),
    'body',
    12,
  ],
])('minimizing a report finds %s', async (_, isFailing, fields, maxRequests) => {
  let requests = 0;
  const smallest = await minimizeReport(rich, (candidate) => {
    requests += 1;
    return Promise.resolve(isFailing(candidate));
  });
  expect(isFailing(smallest)).toBe(true);
  expect(changedFields(smallest).toSorted().join('+')).toBe(fields);
  expect(requests).toBeLessThanOrEqual(maxRequests);
});
