import { describe, expect, test } from '@jest/globals';

import type { LoadExchange } from '../../scripts/trace.ts';
import { codesIn, loadExchange } from '../../test-support/load-exchange.ts';
import { BELOW_QUOTA_WINDOWS, belowQuotaRequests, MAX_WAIT_WINDOWS, WAIT_MARGIN_MS } from '../../timing.ts';
import { judgeBelowQuota } from './below-quota.ts';
import { judgeLatency } from '../latency.ts';
import { judgeRecovery, probeTimes } from './recovery.ts';
import { judgeStatuses } from '../statuses.ts';
import { judgeThreshold } from './threshold.ts';
import { judgeToken } from '../token.ts';

const quota = { limit: 10, windowMs: 10_000 };

const after = (seconds: number | string) => ({ retryAfter: String(seconds) });
const allowed = (count: number, from = 0): LoadExchange[] =>
  Array.from({ length: count }, (_, index) => loadExchange(from + index * 7, 200));
const burst = (count: number, retryAfter: number | string = 10): LoadExchange[] => [
  ...allowed(count),
  loadExchange(count * 7, 429, after(retryAfter)),
];

/** Ten at once, and one for each second of the burst. */
const bucket = [
  ...allowed(10),
  ...[1000, 2000, 3000].map((sentAt) => loadExchange(sentAt, 200)),
  loadExchange(3100, 429, after(1)),
];
const wideBucket = [...allowed(20), loadExchange(1000, 429, after(1))];

describe('the threshold', () => {
  test.each<[string, LoadExchange[], LoadExchange[] | undefined, string[]]>([
    ['is as documented', burst(10), undefined, []],
    ['is one too low', burst(9), undefined, ['rate-limit.threshold.low']],
    ['is too low twice', burst(9), burst(8), ['rate-limit.threshold.low']],
    ['is too low once, because others use the quota', burst(9), burst(10), ['load.quota-shared']],
    ['is too high twice', burst(15), burst(15), ['rate-limit.threshold.high']],
    ['is too high once, because a window ended during the burst', burst(15), burst(10), []],
    ['is too high by as much as a bucket refilled', bucket, bucket, []],
    ['is too high by more than a bucket refills', wideBucket, wideBucket, ['rate-limit.threshold.high']],
    ['is absent', allowed(30), undefined, ['rate-limit.threshold.absent']],
    [
      'is inconclusive if the service fails before it',
      [...allowed(5), ...Array.from({ length: 25 }, (_, index) => loadExchange(200 + index, 401))],
      undefined,
      ['load.pacing'],
    ],
    [
      'is inconclusive after a burst that lasted too long',
      allowed(3, 0).concat(allowed(3, 20_000)),
      undefined,
      ['load.pacing'],
    ],
    ['may include requests without a response', [...burst(9), loadExchange(3, 0)], undefined, []],
    ['includes requests shortly before the burst', [loadExchange(-500, 200), ...burst(9)], undefined, []],
    [
      'does not include requests long before the burst',
      [loadExchange(-20_000, 200), ...burst(9)],
      undefined,
      ['rate-limit.threshold.low'],
    ],
  ])('%s', (_, first, second, expected) => {
    expect(codesIn(judgeThreshold(first, second, quota).results)).toEqual(expected);
  });
});

describe('the recovery', () => {
  const probe = (sentAt: number, status: number, other: Partial<LoadExchange> = {}) =>
    loadExchange(sentAt, status, { step: 'probe', ...other });
  const earlyProbe = { step: 'early-probe' };
  test.each<[string, LoadExchange[], LoadExchange[], string[]]>([
    ['at the deadline', burst(10), [probe(10_100, 200)], []],
    [
      'after the deadline',
      burst(10, 5),
      [probe(5200, 429, after(5)), probe(10_300, 200)],
      ['rate-limit.retry-after.early'],
    ],
    ['with a probe before the deadline', burst(10, 10), [probe(5200, 429, after(5)), probe(10_300, 200)], []],
    [
      'long before the deadline',
      burst(10, 20),
      [probe(11_100, 200, earlyProbe)],
      ['rate-limit.retry-after.late'],
    ],
    ['within the rounding', burst(10, 11), [probe(10_200, 200)], []],
    [
      'after a longer window',
      burst(10, 30),
      [probe(11_100, 429, { ...earlyProbe, ...after(19) }), probe(30_200, 200)],
      ['rate-limit.threshold.low'],
    ],
    [
      'never',
      burst(10),
      [probe(10_100, 429, after(1)), probe(70_000, 429, after(1))],
      ['rate-limit.recovery.absent'],
    ],
    ['without a probe', burst(10), [], ['load.pacing']],
    ['with a response of a gateway', burst(10), [probe(10_100, 503)], ['load.pacing']],
  ])('%s', (_, exchanges, probes, expected) => {
    expect(codesIn(judgeRecovery(exchanges, probes, quota).results)).toEqual(expected);
  });

  test('a date is precise to the second', () => {
    const date = { date: 'Sat, 21 Nov 2026 07:00:00 GMT', retryAfter: 'Sat, 21 Nov 2026 07:00:10 GMT' };
    const exchanges = [...allowed(10), loadExchange(70, 429, date)];
    const judged = (...probes: LoadExchange[]): string[] =>
      codesIn(judgeRecovery(exchanges, probes, quota).results);
    expect(judged(probe(10_500, 429, after(1)), probe(11_600, 200))).toEqual([]);
    expect(judged(probe(11_200, 429, after(1)), probe(12_600, 200))).toEqual([
      'rate-limit.retry-after.early',
    ]);
  });

  test('is probed at the deadline of the last rejection', () => {
    const rejections = [loadExchange(100, 429, after(10)), loadExchange(1200, 429, after(8))];
    expect(probeTimes([...allowed(10), ...rejections], { quota, isRemote: false })).toEqual([9225]);
  });

  test('is probed at the latest deadline', () => {
    expect(probeTimes(burst(10, 10), { quota, isRemote: false })).toEqual([10_095]);
  });

  test.each<[string, (sentAt: number) => number, number]>([
    ['counts down', (sentAt) => 14 - Math.floor(sentAt / 1000), 14_525],
    ['is always a whole window', () => 10, 12_525],
  ])('is probed early if Retry-After %s', (_, announced, until) => {
    const rejections = [100, 2100, 2500].map((sentAt) => loadExchange(sentAt, 429, after(announced(sentAt))));
    expect(probeTimes([...allowed(10), ...rejections], { quota, isRemote: false })).toEqual([10_168, until]);
  });

  test('is not probed early on a remote target that may count rejections', () => {
    const rejections = [100, 2100, 2500].map((sentAt) => loadExchange(sentAt, 429, after(10)));
    expect(probeTimes([...allowed(10), ...rejections], { quota, isRemote: true })).toEqual([12_525]);
  });

  test('is probed early only when a weighted previous window is over', () => {
    const slow = { limit: 10, windowMs: 60_000 };
    const exchanges = [...allowed(10), loadExchange(3000, 429, after(63))];
    expect(probeTimes(exchanges, { quota: slow, isRemote: false })).toEqual([60_168, 66_025]);
    const probes = [probe(64_100, 429, { ...earlyProbe, ...after(2) }), probe(66_200, 200)];
    expect(codesIn(judgeRecovery(exchanges, probes, slow).results)).toEqual([]);
  });

  test('is probed early for a deadline beyond the window, and after the longest wait at the latest', () => {
    expect(probeTimes(burst(10, 1000), { quota, isRemote: false })).toEqual([
      12_175,
      75 + MAX_WAIT_WINDOWS * quota.windowMs + WAIT_MARGIN_MS,
    ]);
  });
});

describe('load below the quota', () => {
  const evenly = (status: number): LoadExchange[] =>
    Array.from({ length: belowQuotaRequests(quota, BELOW_QUOTA_WINDOWS) }, (_, index) =>
      loadExchange(index * 1112, status),
    );
  test.each<[string, LoadExchange[], string[]]>([
    ['is allowed', evenly(200), []],
    [
      'is throttled once',
      [...evenly(200).slice(0, -1), loadExchange(25_000, 429)],
      ['rate-limit.threshold.low'],
    ],
    ['was not sent completely', evenly(200).slice(1), ['load.pacing']],
    ['exceeded the quota', [...evenly(200), ...allowed(20, 9000), loadExchange(9200, 429)], ['load.pacing']],
  ])('%s', (_, exchanges, expected) => {
    expect(codesIn(judgeBelowQuota(exchanges, quota, BELOW_QUOTA_WINDOWS).results)).toEqual(expected);
  });
});

test('only the latency of accepted requests counts', () => {
  const slow = Array.from({ length: 20 }, (_, index) =>
    loadExchange(index, 200, { durationMs: index > 17 ? 3000 : 10 }),
  );
  const throttled = slow.map((one) => ({ ...one, status: 429 }));
  expect(codesIn(judgeLatency('below-quota', slow).results)).toEqual(['load.latency']);
  expect(codesIn(judgeLatency('below-quota', throttled).results)).toEqual(['load.pacing']);
});

test('a token is rejected sporadically only between accepted requests', () => {
  const judged = (...statuses: number[]): string[] =>
    codesIn(judgeToken(statuses.map((status, index) => loadExchange(index, status))).results);
  expect(judged(200, 401, 200)).toEqual(['auth.sporadic-401']);
  expect(judged(200, 401, 401)).toEqual([]);
});

test('other statuses under load are a finding if they are repeated', () => {
  const gateway = { kind: 'inconclusive', reason: 'environment.gateway', details: {} } as const;
  const judged = (...exchanges: LoadExchange[]): string[] => codesIn(judgeStatuses(exchanges).results);
  const error = (sentAt: number): LoadExchange => loadExchange(sentAt, 503, { results: [gateway] });
  expect(judged(loadExchange(0, 200), error(1), error(2))).toEqual(['load.status.unexpected']);
  expect(judged(loadExchange(0, 200), error(1), loadExchange(2, 429))).toEqual([]);
  expect(judged(loadExchange(0, 200), loadExchange(1, 401), loadExchange(2, 0))).toEqual([]);
});
