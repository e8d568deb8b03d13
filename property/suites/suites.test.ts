import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { schemaErrors } from '../../core/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { cells } from '../mutations/index.ts';
import { cellProbes } from './single-mutations.ts';
import { randomStateProbes, stateProbes } from './stored-state.ts';

const place = { client: 'c', types: ['CCG'] } as const;

test('plans every cell once, the same way for the same seed', () => {
  expect(cellProbes(7, place, true).map(({ what }) => what)).toEqual(cells.map(({ id }) => id));
  expect(cellProbes(7, place, true)).toEqual(cellProbes(7, place, true));
  expect(cellProbes(7, place, true)).not.toEqual(cellProbes(8, place, true));
});

test('plans probes that are plain JSON data', () => {
  const probes = [...cellProbes(7, place, true), ...written];
  expect(JSON.parse(JSON.stringify(probes))).toEqual(probes);
});

const written = [
  ...stateProbes(7, place, 'linearizable'),
  ...randomStateProbes({ seed: 7, place, randomBodies: 50, consistency: 'linearizable' }),
];

test('tells every write from every other, but for the one that comes twice', () => {
  const bodies = written.flatMap(({ steps }) =>
    steps.flatMap(({ body }) => (body !== undefined && 'text' in body ? [body.text] : [])),
  );
  expect(new Set(bodies).size).toBe(bodies.length - 1);
});

test('draws valid reports only', () => {
  const arbitrary = managedClientStatus();
  for (const report of fc.sample(arbitrary, { seed: 3, numRuns: 500 })) {
    expect(schemaErrors('ManagedClientStatus', JSON.parse(JSON.stringify(report)))).toEqual([]);
  }
});
