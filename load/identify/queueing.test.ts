import { describe, expect, test } from '@jest/globals';

import type { Shot } from '../scripts/experiments.ts';
import { queueIn } from './queueing.ts';

const documented = { limit: 100, window: 10 };

/** A burst of 150 requests a second, each of which takes so many seconds. */
function burst(took: (index: number) => number, count = 100): Shot[] {
  return Array.from({ length: count }, (_, index) => {
    const sent = index / 150;
    return { part: 'burst', sent, received: sent + took(index), ok: true };
  });
}

describe('a burst', () => {
  test.each<[string, Shot[], boolean]>([
    ['whose requests wait for each other', burst((index) => 0.05 + index * (1 / 10 - 1 / 150)), true],
    ['that is served at once', burst(() => 0.05), false],
    ['that is slow from the first request on', burst(() => 3), false],
    [
      'of a service that is slow behind its limiter',
      burst((index) => 0.05 + index * (1 / 20 - 1 / 150)),
      false,
    ],
    ['with a hiccup', burst((index) => (index % 20 === 19 ? 0.6 : 0.05)), false],
    ['of a service that becomes a little slower', burst((index) => 0.05 + index / 500), false],
    ['of few requests', burst((index) => 0.05 + index, 8), false],
  ])('%s', (_, shots, isQueue) => {
    expect(queueIn(shots, documented) !== undefined).toBe(isQueue);
  });

  test('tells how fast the line moves', () => {
    const queue = queueIn(
      burst((index) => 0.05 + index * (1 / 10 - 1 / 150)),
      documented,
    );
    expect(queue?.perSecond).toBeCloseTo(10);
    expect(queue?.longest).toBeCloseTo(9.29);
  });
});
