import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { schemaErrors } from '../../core/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { mutations } from '../mutations/index.ts';
import { mutationTestCases } from './single-mutations.ts';
import { randomStateTestCases, storedStateTestCases } from './stored-state.ts';

const target = { managedClient: 'c', types: ['CCG'] } as const;

test('plans every mutation once, reproducibly', () => {
  expect(mutationTestCases(7, target, true).map(({ name }) => name)).toEqual(
    mutations.map(({ name }) => name),
  );
  expect(mutationTestCases(7, target, true)).toEqual(mutationTestCases(7, target, true));
  expect(mutationTestCases(7, target, true)).not.toEqual(mutationTestCases(8, target, true));
});

test('plans test cases that are plain JSON data', () => {
  const testCases = [...mutationTestCases(7, target, true), ...written];
  expect(JSON.parse(JSON.stringify(testCases))).toEqual(testCases);
});

const written = [
  ...storedStateTestCases(7, target, 'strong'),
  ...randomStateTestCases({ seed: 7, target, randomBodies: 50, consistency: 'strong' }),
];

test('gives every write its own id, except for the repeated one', () => {
  const bodies = written.flatMap(({ steps }) =>
    steps.flatMap(({ body }) => (body !== undefined && 'text' in body ? [body.text] : [])),
  );
  expect(new Set(bodies).size).toBe(bodies.length - 1);
});

test('generates only valid reports', () => {
  const arbitrary = managedClientStatus();
  for (const report of fc.sample(arbitrary, { seed: 3, numRuns: 500 })) {
    expect(schemaErrors('ManagedClientStatus', JSON.parse(JSON.stringify(report)))).toEqual([]);
  }
});
