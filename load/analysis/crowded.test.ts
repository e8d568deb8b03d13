import { describe, expect, test } from '@jest/globals';

import { forgedCount, notFoundCount } from '../scripts/nightly-plan.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { judgeCharges, shownByBurst, type Shown } from './charged.ts';
import { judgeBoundary, judgeParallel } from './crowded.ts';
import { countBefore, type Measurement } from './threshold.ts';

const quota = { limit: 100, windowMs: 10_000 };

function line(sentAt: number, status: number, retryAfter: string | null = null): TraceLine {
  const times = { sentAt, receivedAt: sentAt + 5, durationMs: 5 };
  return { phase: 'charged', method: 'GET', ...times, status, retryAfter, date: null, remarks: [] };
}

const burst = (accepted: number, from = 0): TraceLine[] =>
  Array.from({ length: accepted }, (_, index) => line(from + index, 200));
const codesOf = ({ remarks }: Measurement): string[] => remarks.map(({ code }) => code);

describe('requests that come all at once', () => {
  const ofWindow = line(0, 429, '10');
  const ofBucket = line(0, 429, '1');
  test.each<[string, number[], TraceLine, string[]]>([
    ['get what there is', [100], ofWindow, []],
    ['get more, twice', [120, 120], ofWindow, ['rate-limit.threshold.high']],
    ['get more, once: a window ended', [120, 100], ofWindow, []],
    ['get more, and are left alone', [120], ofWindow, ['load.pacing']],
    ['get what a bucket gives back', [109], ofBucket, []],
    ['get more than a bucket gives back', [120, 120], ofBucket, ['rate-limit.threshold.high']],
  ])('%s', (_, accepted, refused, expected) => {
    const bursts = accepted.map((count) => burst(count));
    expect(codesOf(judgeParallel(bursts, quota, refused))).toEqual(expected);
  });
});

describe('the end of a window', () => {
  test.each<[string, TraceLine[], number, string[]]>([
    ['between two full ones', [...burst(100, 8800), ...burst(100, 10_300)], 2, []],
    [
      'between full and more than full',
      [...burst(100, 8800), ...burst(110, 10_300)],
      2.1,
      ['rate-limit.threshold.high'],
    ],
    ['that nobody notices', [...burst(100, 0), ...burst(100, 10_300)], 1, []],
  ])('%s', (_, lines, ratio, expected) => {
    const judged = judgeBoundary(lines, quota);
    expect(judged.measured).toEqual({ boundaryRatio: ratio });
    expect(codesOf(judged)).toEqual(expected);
  });
});

describe('requests that are not served', () => {
  const inBurst = countBefore([...burst(100), line(200, 429, '10')], quota);
  const after = (lacking: number): Shown =>
    shownByBurst([...burst(100 - lacking), line(200, 429, '10')], inBurst, quota);
  const [few, many] = [notFoundCount(100), forgedCount(100)];
  test.each<[string, number[], [string | null, string | null], string[]]>([
    ['cost nothing', [0], ['false', 'false'], []],
    ['cost where nothing is found', [few], ['true', 'false'], []],
    ['cost where a token is forged', [many, many], ['false', 'true'], ['rate-limit.key.forged-token']],
    ['cost both', [few + many, few + many], ['true', 'true'], ['rate-limit.key.forged-token']],
    ['seem to cost, and are not asked again', [many], ['false', null], []],
    ['seem to cost, once', [many, 0], ['false', null], []],
    ['fit nothing', [20], [null, null], []],
    ['give places back', [-50, -45], [null, null], ['rate-limit.threshold.high']],
    ['seem to give places back, once: a window ended', [-50, 0], [null, null], []],
  ])('%s', (_, lacking, [notFoundCounts, forgedCounts], expected) => {
    const judged = judgeCharges(lacking.map(after), quota);
    expect(judged.measured).toEqual({ notFoundCounts, forgedCounts });
    expect(codesOf(judged)).toEqual(expected);
  });

  test('are not told by what a bucket gives back while they are answered', () => {
    const lasting = (accepted: number, ms: number): TraceLine[] => [
      ...Array.from({ length: accepted }, (_, index) => line((index * ms) / accepted, 200)),
      line(ms, 429, '1'),
    ];
    const shown = shownByBurst(lasting(123, 2000), countBefore(lasting(115, 1250), quota), quota);
    expect(judgeCharges([shown], quota).measured).toEqual({ notFoundCounts: 'false', forgedCounts: 'false' });
  });
});
