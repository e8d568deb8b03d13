import { expect, test } from '@jest/globals';

import { isIntermittent, MAX_TRIES, triesFor } from './tries.ts';

test.each([
  ['a constant failure a few times', 10, 10, 3],
  ['one of unknown rate as well', 1, null, 3],
  ['every second one', 1, 2, 7],
  ['one in fifty', 31, 1557, 229],
  ['a rare one as often as is documented', 1, 100_000, MAX_TRIES],
])('repeats %s', (_, count, sent, tries) => {
  expect(triesFor({ count, sent })).toBe(tries);
});

test('only a failure that always came back can be gone', () => {
  expect(
    [
      [3, 3],
      [3, 4],
      [3, null],
    ].map(([count, sent]) => isIntermittent({ count: count ?? 0, sent: sent ?? null })),
  ).toEqual([false, true, true]);
});
