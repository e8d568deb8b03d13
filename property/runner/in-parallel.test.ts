import { expect, test } from '@jest/globals';

import { inParallel } from './in-parallel.ts';

test('keeps the width and yields every result', async () => {
  let underWay = 0;
  let most = 0;
  const results = inParallel(Array.from({ length: 20 }).keys(), 4, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, item % 3));
    underWay -= 1;
    return item;
  });
  expect((await Array.fromAsync(results)).toSorted((a, b) => a - b)).toEqual([
    ...Array.from({ length: 20 }).keys(),
  ]);
  expect(most).toBe(4);
});

test('rejects with the first failure', async () => {
  const results = inParallel([1, 2, 3], 2, (item) =>
    item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item),
  );
  await expect(Array.fromAsync(results)).rejects.toThrow('two');
});
