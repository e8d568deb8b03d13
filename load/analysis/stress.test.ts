import { describe, expect, test } from '@jest/globals';

import { requestsIn, stressProfiles } from '../scripts/stress-profiles.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { codesIn, loadExchange } from '../test-support/load-exchange.ts';
import { judgeStress, judgeUsers, measureBreakpoint } from './stress.ts';

const quota = { limit: 100, windowMs: 10_000 };

/** Exchanges at intervals of 100 ms. */
function exchanges(count: number, other: (index: number) => Partial<LoadExchange>): LoadExchange[] {
  return Array.from({ length: count }, (_, index) =>
    loadExchange(index * 100, 200, { step: 'mixed read', ...other(index) }),
  );
}

describe('a stress profile', () => {
  const count = requestsIn(stressProfiles.mixed, quota.limit);
  const complete = (other: (index: number) => Partial<LoadExchange>): LoadExchange[] =>
    exchanges(count, other);
  test.each<[string, LoadExchange[], string[]]>([
    ['passes', complete(() => ({})), []],
    ['is slow for all requests', complete(() => ({ durationMs: 1500 })), ['load.latency']],
    [
      'is slow for a single status',
      complete((index) => (index % 20 === 0 ? { step: 'mixed FAILED', durationMs: 1500 } : {})),
      ['load.latency'],
    ],
    [
      'is throttled below the quota',
      complete((index) => (index % 9 ? {} : { status: 429 })),
      ['rate-limit.threshold.low'],
    ],
    ['is throttled completely', complete(() => ({ status: 429 })), ['load.pacing']],
    ['was not sent completely', complete(() => ({})).slice(0, 0.9 * count), ['load.pacing']],
  ])('%s', (_, sent, expected) => {
    expect(codesIn(judgeStress('mixed', sent, quota).results)).toEqual(expected);
  });

  test('is not slow if only throttled requests are', () => {
    const sent = complete((index) => (index % 2 ? {} : { status: 429, durationMs: 9000 }));
    expect(judgeStress('spike', sent, quota).results).toEqual([]);
  });

  test('measures accepted and throttled requests separately', () => {
    const sent = complete((index) => (index % 2 ? { durationMs: 40 } : { status: 429, durationMs: 1 }));
    expect(judgeStress('mixed', sent, quota).measured).toMatchObject({
      'mixed p50 ms': 40,
      'mixed p99 ms': 40,
      'mixed throttled p95 ms': 1,
    });
  });
});

test('the breakpoint is the rate in the window before the first 429', () => {
  const sent = exchanges(151, (index) => (index === 150 ? { status: 429 } : {}));
  expect(measureBreakpoint(sent, quota).measured).toEqual({ breakpointRate: 100 });
  expect(measureBreakpoint(sent.slice(0, -1), quota).measured).toEqual({ breakpointRate: null });
});

test('the goodput of users is their share of the quota', () => {
  const sent = exchanges(400, (index) => ({ status: index < 270 ? 200 : 429 }));
  expect(judgeUsers('polite', sent, quota).measured).toEqual({
    'polite goodput': 0.9,
    'polite throttled share': 0.33,
  });
});
