import { describe, expect, test } from '@jest/globals';

import { requestsIn, stressProfiles } from '../scripts/stress-profiles.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { judgeBreakpoint, judgeClients, judgeStress } from './stress.ts';

const quota = { limit: 100, windowMs: 10_000 };

function line(index: number, more: Partial<TraceLine> = {}): TraceLine {
  const times = { sentAt: index * 100, receivedAt: index * 100 + 5, durationMs: 5 };
  return {
    phase: 'mixed read',
    ...times,
    status: 200,
    retryAfter: null,
    date: null,
    method: 'GET',
    remarks: [],
    ...more,
  };
}

describe('load of a shape', () => {
  const count = requestsIn(stressProfiles.mixed, quota.limit);
  const of = (more: (index: number) => Partial<TraceLine>): TraceLine[] =>
    Array.from({ length: count }, (_, index) => line(index, more(index)));
  test.each<[string, TraceLine[], string[]]>([
    ['is borne', of(() => ({})), []],
    ['is slow for all', of(() => ({ durationMs: 1500 })), ['load.latency']],
    [
      'is slow for one status alone',
      of((index) => (index % 20 === 0 ? { phase: 'mixed FAILED', durationMs: 1500 } : {})),
      ['load.latency'],
    ],
    [
      'is refused below the quota',
      of((index) => (index % 9 ? {} : { status: 429 })),
      ['rate-limit.threshold.low'],
    ],
    ['is refused altogether', of(() => ({ status: 429 })), ['load.pacing']],
    ['was not sent', of(() => ({})).slice(0, 0.9 * count), ['load.pacing']],
  ])('%s', (_, lines, expected) => {
    expect(judgeStress('mixed', lines, quota).remarks.map(({ code }) => code)).toEqual(expected);
  });

  test('is not slow where what it refuses is', () => {
    const lines = of((index) => (index % 2 ? {} : { status: 429, durationMs: 9000 }));
    expect(judgeStress('spike', lines, quota).remarks).toEqual([]);
  });

  test('tells accepted answers from refused ones', () => {
    const lines = of((index) => (index % 2 ? { durationMs: 40 } : { status: 429, durationMs: 1 }));
    expect(judgeStress('mixed', lines, quota).measured).toMatchObject({
      mixedP50Ms: 40,
      mixedP99Ms: 40,
      mixedRefusedP95Ms: 1,
    });
  });
});

test('the rate at the first refusal is that of the window before it', () => {
  const lines = [...Array.from({ length: 150 }, (_, index) => line(index)), line(150, { status: 429 })];
  expect(judgeBreakpoint(lines, quota).measured).toEqual({ breakpointRate: 100 });
  expect(judgeBreakpoint(lines.slice(0, -1), quota).measured).toEqual({ breakpointRate: null });
});

test('clients get what was accepted, as a share of what there is', () => {
  const lines = Array.from({ length: 400 }, (_, index) => line(index, { status: index < 270 ? 200 : 429 }));
  expect(judgeClients('polite', lines, quota).measured).toEqual({
    politeGoodput: 0.9,
    politeRefusedShare: 0.33,
  });
});
