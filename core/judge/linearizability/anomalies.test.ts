import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { anomaliesIn, INITIAL, stalenessOf, type RegisterOperation } from './anomalies.ts';

const write = (value: string, invoked: number, responded: number): RegisterOperation => ({
  kind: 'write',
  value,
  invoked,
  responded,
});
const read = (value: string, invoked: number, responded: number): RegisterOperation => ({
  kind: 'read',
  value,
  invoked,
  responded,
});

/** The definition of linearizability: tries every order that respects the clock. For small histories only. */
function isLinearizable(history: readonly RegisterOperation[]): boolean {
  return search(history, INITIAL);
}

function search(left: readonly RegisterOperation[], held: string): boolean {
  // An unacknowledged write need not have taken effect.
  if (left.every(({ responded }) => responded === Infinity)) return true;
  const earliest = Math.min(...left.map(({ responded }) => responded));
  return left.some((next) => {
    if (next.invoked > earliest) return false;
    if (next.kind === 'read' && next.value !== held) return false;
    return search(
      left.filter((one) => one !== next),
      next.kind === 'write' ? next.value : held,
    );
  });
}

describe('the anomalies', () => {
  test.each<[string, RegisterOperation[], string[]]>([
    ['a write and its read', [write('a', 0, 1), read('a', 2, 3)], []],
    ['a read of the initial value', [read(INITIAL, 0, 1), write('a', 2, 3)], []],
    ['a read of a value that was not written', [read('x', 0, 1)], ['phantom']],
    ['a read before its write', [read('a', 0, 1), write('a', 2, 3)], ['future']],
    ['a read of an overwritten value', [write('a', 0, 1), write('b', 2, 3), read('a', 4, 5)], ['lost']],
    [
      'an old value after a new one',
      [write('a', 0, 1), write('b', 2, 3), read('b', 4, 5), read('b', 6, 7), read('a', 6.5, 8)],
      ['stale'],
    ],
    ['either of two concurrent writes', [write('a', 0, 5), write('b', 1, 4), read('a', 6, 7)], []],
    ['an unacknowledged write that was read', [write('a', 0, Infinity), read('a', 5, 6)], []],
    ['an unacknowledged write that was not read', [write('a', 0, Infinity), read(INITIAL, 5, 6)], []],
  ])('%s', (_, history, kinds) => {
    expect(anomaliesIn(history).map(({ kind }) => kind)).toEqual(kinds);
  });
});

/** All times differ, because equal times have no order. */
const history = fc
  .array(
    fc.record({
      isWrite: fc.boolean(),
      pick: fc.nat({ max: 6 }),
      invoked: fc.nat({ max: 60 }),
      lasts: fc.integer({ min: 1, max: 25 }),
      rare: fc.nat({ max: 5 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drawn) => {
    const writes = drawn.flatMap(({ isWrite }, index) => (isWrite ? [`v${index}`] : []));
    const readable = [INITIAL, ...writes];
    return drawn.map(({ isWrite, pick, invoked, lasts, rare }, index): RegisterOperation => {
      const at = invoked + index / 100;
      if (!isWrite) return read(readable[pick % readable.length] ?? INITIAL, at, at + lasts + 0.005);
      return write(`v${index}`, at, rare === 0 ? Infinity : at + lasts + 0.005);
    });
  });

test('agree with the definition on 20,000 histories', () => {
  let explained = 0;
  fc.assert(
    fc.property(history, (one) => {
      const isFine = isLinearizable(one);
      if (isFine) explained += 1;
      expect(anomaliesIn(one).length === 0).toBe(isFine);
    }),
    { numRuns: 20_000, seed: 11 },
  );
  // Both results must be frequent, or the agreement proves little.
  expect(explained).toBeGreaterThan(4000);
  expect(explained).toBeLessThan(16_000);
});

test('measure the age of reads', () => {
  const cached = [write('a', 0, 1), write('b', 10, 11), read('a', 30, 31), read('b', 40, 41)];
  const age = stalenessOf(cached, 1000, 0.5) ?? -1;
  expect(age).toBeGreaterThan(18);
  expect(age).toBeLessThan(21);
  expect(stalenessOf([write('a', 0, 1), read('a', 2, 3)], 1000, 0.5)).toBe(0);
  expect(stalenessOf([read('x', 0, 1)], 1000, 0.5)).toBeUndefined();
});
