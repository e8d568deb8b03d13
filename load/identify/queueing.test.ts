import { describe, expect, test } from '@jest/globals';

import type { LimiterExchange } from '../scripts/trace.ts';
import { loadExchange } from '../test-support/load-exchange.ts';
import { detectQueue } from './queueing.ts';

const documented = { limit: 100, windowMs: 10_000 };
const INTERVAL_MS = 1000 / 150;

/** A burst of 150 requests per second. @param durationMs the duration of each request */
function burst(durationMs: (index: number) => number, count = 100): LimiterExchange[] {
  return Array.from({ length: count }, (_, index) => {
    const sentAt = index * INTERVAL_MS;
    return loadExchange(sentAt, 200, { step: 'burst', receivedAt: sentAt + durationMs(index) });
  });
}

const queued = burst((index) => 50 + index * (100 - INTERVAL_MS));

describe('a burst', () => {
  test.each<[string, LimiterExchange[], boolean]>([
    ['of requests that wait for each other', queued, true],
    ['that is answered at once', burst(() => 50), false],
    ['that is slow from the first request on', burst(() => 3000), false],
    ['with a slow service behind the limiter', burst((index) => 50 + index * (50 - INTERVAL_MS)), false],
    ['with short interruptions', burst((index) => (index % 20 === 19 ? 600 : 50)), false],
    ['that becomes slightly slower', burst((index) => 50 + index * 2), false],
    ['of few requests', burst((index) => 50 + index * 1000, 8), false],
  ])('%s', (_, exchanges, isQueue) => {
    expect(detectQueue(exchanges, documented) !== undefined).toBe(isQueue);
  });

  test('shows the rate of a queue', () => {
    const queue = detectQueue(queued, documented);
    expect(queue?.requestsPerSecond).toBeCloseTo(10);
    expect(queue?.maxWaitMs).toBeCloseTo(9290);
  });
});
