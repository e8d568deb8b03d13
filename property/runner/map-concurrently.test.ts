import { expect, test } from '@jest/globals';

import { mapConcurrently } from './map-concurrently.ts';

test('keeps the width and handles every result', async () => {
  let running = 0;
  let maximum = 0;
  const results: number[] = [];
  const work = async (item: number): Promise<number> => {
    running += 1;
    maximum = Math.max(maximum, running);
    await new Promise((resolve) => setTimeout(resolve, item % 3));
    running -= 1;
    return item;
  };
  const items = [...Array.from({ length: 20 }).keys()];
  await mapConcurrently(items, 4, work, (result) => results.push(result));
  expect(results.toSorted((a, b) => a - b)).toEqual(items);
  expect(maximum).toBe(4);
});

test('handles one result at a time', async () => {
  let isBusy = false;
  await mapConcurrently(
    [1, 2, 3, 4],
    4,
    (item) => Promise.resolve(item),
    async () => {
      expect(isBusy).toBe(false);
      isBusy = true;
      await new Promise((resolve) => setTimeout(resolve, 1));
      isBusy = false;
    },
  );
});

test('rejects with the first failure', async () => {
  const work = (item: number): Promise<number> =>
    item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
  await expect(mapConcurrently([1, 2, 3], 2, work, () => undefined)).rejects.toThrow('two');
});
