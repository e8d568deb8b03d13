import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { canonical } from '../runner/base-report.ts';
import { breaksAsSaid } from './check-mutation.ts';
import { cells, families } from './index.ts';

const RUNS = 120;
const place = { client: 'aClientId', types: ['CCG'] } as const;

describe.each(cells.map((cell) => [cell.id, cell] as const))('%s', (_, cell) => {
  test('breaks exactly what it says, on the bytes that are sent', () => {
    for (const param of fc.sample(cell.param, { seed: 1, numRuns: RUNS })) {
      const step = cell.render(canonical, param, place);
      expect([breaksAsSaid(step, cell.breaks), step.body]).toEqual([true, step.body]);
    }
  });

  test('draws data that can be stored, rendered again and shrunk', () => {
    for (const param of fc.sample(cell.param, { seed: 2, numRuns: 10 })) {
      const stored = JSON.parse(JSON.stringify(param)) as typeof param;
      expect(cell.render(canonical, stored, place)).toEqual(cell.render(canonical, param, place));
      expect(cell.param.canShrinkWithoutContext(stored)).toBe(true);
    }
  });
});

test('names are unique, and take turns family by family', () => {
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  const count = Object.keys(families).length;
  expect(new Set(cells.slice(0, count).map(({ family }) => family)).size).toBe(count);
});
