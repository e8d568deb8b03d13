import { expect, test } from '@jest/globals';

import { ablate, differences } from '../triage/minimize.ts';
import type { canonical } from '../runner/base-report.ts';
import { factors, pairwiseRows, type Row } from './pairwise.ts';

type Factor = keyof typeof factors;

/** Pairs of values of two factors that come together in some row. */
function pairsOf(one: Factor, other: Factor): number {
  return new Set(pairwiseRows().map((row: Row) => `${row[one]} ${row[other]}`)).size;
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
])('brings every %s together with every %s', (one, other) => {
  expect(pairsOf(one, other)).toBe(factors[one].length * factors[other].length);
});

test('does that in as few rows as can be', () => {
  expect([factors.body.length, factors.timestamp.length]).toEqual([30, 14]);
  expect(pairwiseRows()).toHaveLength(210);
});

const rich = {
  body: { a: 1, b: null, c: 'x' },
  status: 'FAILED',
  type: 'INTERNAL',
  timestamp: '9999-12-31T23:59:59Z',
} as const;

test.each<[string, (report: typeof canonical) => boolean, string, number]>([
  ['a type', ({ type }) => type === 'INTERNAL', 'type', 7],
  ['a status and a type', ({ status, type }) => status === 'FAILED' && type === 'INTERNAL', 'status+type', 8],
  ['a key', ({ body }) => 'b' in (body as object), 'body', 8],
  [
    'a key or a timestamp',
    ({ body, timestamp }) => 'c' in (body as object) || timestamp.startsWith('9'),
    'body',
    12,
  ],
])('ablation names %s', async (_, isBad, members, most) => {
  let requests = 0;
  const smallest = await ablate(rich, (candidate) => {
    requests += 1;
    return Promise.resolve(isBad(candidate));
  });
  expect(isBad(smallest)).toBe(true);
  expect(differences(smallest)).toBe(members);
  expect(requests).toBeLessThanOrEqual(most);
});
