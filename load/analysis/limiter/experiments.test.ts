import { describe, expect, test } from '@jest/globals';

import type { LoadExchange } from '../../scripts/trace.ts';
import { codesIn, loadExchange } from '../../test-support/load-exchange.ts';
import { forgedRequests, notFoundRequests } from '../../timing.ts';
import { judgeConcurrentBurst, judgeWindowEdge } from './concurrent-burst.ts';
import { countBurst } from './threshold.ts';
import { evaluateUnserved, judgeUnserved, type UnservedResult } from './unserved-cost.ts';

const quota = { limit: 100, windowMs: 10_000 };

const step = 'unserved-cost';
const allowed = (count: number, from = 0): LoadExchange[] =>
  Array.from({ length: count }, (_, index) => loadExchange(from + index, 200, { step }));
const throttled = (sentAt: number, retryAfter: string): LoadExchange =>
  loadExchange(sentAt, 429, { step, retryAfter });

describe('concurrent requests', () => {
  const ofWindow = throttled(0, '10');
  const ofBucket = throttled(0, '1');
  test.each<[string, number[], LoadExchange, string[]]>([
    ['are allowed up to the limit', [100], ofWindow, []],
    ['exceed the limit twice', [120, 120], ofWindow, ['rate-limit.threshold.high']],
    ['exceed it once, because a window ended', [120, 100], ofWindow, []],
    ['exceed it and are not repeated', [120], ofWindow, ['load.pacing']],
    ['are allowed as many as a bucket refills', [109], ofBucket, []],
    ['are allowed more than a bucket refills', [120, 120], ofBucket, ['rate-limit.threshold.high']],
  ])('%s', (_, counts, rejection, expected) => {
    const bursts = counts.map((count) => allowed(count));
    expect(codesIn(judgeConcurrentBurst(bursts, quota, rejection).results)).toEqual(expected);
  });
});

describe('the edge of a window', () => {
  const start = allowed(1);
  const full = [...start, ...allowed(99, 8800), ...Array.from({ length: 30 }, () => throttled(8900, '2'))];
  const late = [...start, ...allowed(99, 9950), ...allowed(100, 10_300)];
  test.each<[string, LoadExchange[][], number, string[]]>([
    ['between two full windows', [[...full, ...allowed(100, 10_300)]], 1.99, []],
    [
      'between a full window and one above the limit',
      [[...full, ...allowed(110, 10_300)]],
      2.09,
      ['rate-limit.threshold.high'],
    ],
    ['with late responses', [late, late], 1.99, ['load.pacing']],
    ['with late responses once', [late, [...full, ...allowed(100, 10_300)]], 1.99, []],
    ['without requests before it', [[...start, ...allowed(100, 10_300)]], 1, ['load.pacing']],
    ['with a throttled start', [[throttled(0, '5'), ...full.slice(1)]], 0.99, ['load.pacing']],
  ])('%s', (_, tries, ratio, expected) => {
    const judged = judgeWindowEdge(tries, quota);
    expect(judged.measured).toEqual({ windowEdgeRatio: ratio });
    expect(codesIn(judged.results)).toEqual(expected);
  });
});

describe('requests that are not served', () => {
  const usual = countBurst([...allowed(100), throttled(200, '10')], quota);
  const burstWithout = (missing: number): UnservedResult =>
    evaluateUnserved([...allowed(100 - missing), throttled(200, '10')], usual, quota);
  const [few, many] = [notFoundRequests(100), forgedRequests(100)];
  test.each<[string, number[], [string | null, string | null], string[]]>([
    ['do not count', [0], ['false', 'false'], []],
    ['count if nothing is found', [few], ['true', 'false'], []],
    ['count if a token is forged', [many, many], ['false', 'true'], ['rate-limit.key.forged-token']],
    ['both count', [few + many, few + many], ['true', 'true'], ['rate-limit.key.forged-token']],
    ['seem to count and are not repeated', [many], ['false', null], []],
    ['seem to count once', [many, 0], ['false', null], []],
    ['match no hypothesis', [20], [null, null], []],
    ['reset the limiter', [-50, -45], [null, null], ['rate-limit.threshold.high']],
    ['seem to reset it once, because a window ended', [-50, 0], [null, null], []],
  ])('%s', (_, missing, [notFoundCounts, forgedCounts], expected) => {
    const judged = judgeUnserved(missing.map(burstWithout), quota);
    expect(judged.measured).toEqual({ notFoundCounts, forgedCounts });
    expect(codesIn(judged.results)).toEqual(expected);
  });

  test('a bucket refills while they are sent', () => {
    const lasting = (count: number, ms: number): LoadExchange[] => [
      ...Array.from({ length: count }, (_, index) => loadExchange((index * ms) / count, 200, { step })),
      throttled(ms, '1'),
    ];
    const result = evaluateUnserved(lasting(123, 2000), countBurst(lasting(115, 1250), quota), quota);
    expect(judgeUnserved([result], quota).measured).toEqual({
      notFoundCounts: 'false',
      forgedCounts: 'false',
    });
  });
});
