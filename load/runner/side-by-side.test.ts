import { expect, test } from '@jest/globals';

import { sideBySide } from './side-by-side.ts';

async function* counting(name: string, count: number): AsyncGenerator<string, number> {
  for (let index = 0; index < count; index++) {
    await Promise.resolve();
    yield `${name}${index}`;
  }
  return count;
}

test('yields what each yields, and returns what each returned', async () => {
  const both = sideBySide([counting('a', 3), counting('b', 1), counting('c', 0)]);
  const seen: string[] = [];
  for (;;) {
    const { done, value } = await both.next();
    if (done === true) {
      expect(value).toEqual([3, 1, 0]);
      break;
    }
    seen.push(value);
  }
  expect(seen.filter((one) => one.startsWith('a'))).toEqual(['a0', 'a1', 'a2']);
  expect(seen.toSorted()).toEqual(['a0', 'a1', 'a2', 'b0']);
});
