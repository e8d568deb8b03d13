import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { baseReport } from '../../core/index.ts';
import { hasDeclaredEffect } from './effect.ts';
import { mutationTestCases } from '../suites/single-mutations.ts';
import { mutations, mutationSuites } from './index.ts';

const RUNS = 120;
const target = { managedClient: 'aClientId', types: ['CCG'] } as const;

describe.each(mutations.map((mutation) => [mutation.name, mutation] as const))('%s', (_, mutation) => {
  test('has its declared effect on the bytes', () => {
    for (const param of fc.sample(mutation.param, { seed: 1, numRuns: RUNS })) {
      const step = mutation.render(baseReport, param, target);
      expect([hasDeclaredEffect(step, mutation.effect), step.body]).toEqual([true, step.body]);
    }
  });

  test('has parameters that can be stored, rendered again and shrunk', () => {
    for (const param of fc.sample(mutation.param, { seed: 2, numRuns: 10 })) {
      const stored = JSON.parse(JSON.stringify(param)) as typeof param;
      expect(mutation.render(baseReport, stored, target)).toEqual(mutation.render(baseReport, param, target));
      expect(mutation.param.canShrinkWithoutContext(stored)).toBe(true);
    }
  });
});

test('a seed varies values, never the mutations that are sent', () => {
  const namesOf = (seed: number): string[] => mutationTestCases(seed, target, true).map(({ name }) => name);
  expect(namesOf(1)).toEqual(namesOf(2));
  // Near misses and timestamps have no parameter that a seed could choose.
  const fixed = mutations.filter(({ suite }) => suite === 'date-time' || suite === 'query-type');
  const bytes = (seed: number): unknown[] =>
    mutationTestCases(seed, target, true)
      .filter(({ suite }) => suite === 'date-time' || suite === 'query-type')
      .map(({ steps }) => [steps[0]?.path, steps[0]?.body]);
  expect(bytes(1)).toEqual(bytes(2));
  expect(fixed.length).toBeGreaterThan(200);
});

test('names are unique, and suites are interleaved', () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  const count = Object.keys(mutationSuites).length;
  expect(new Set(mutations.slice(0, count).map(({ suite }) => suite)).size).toBe(count);
});
