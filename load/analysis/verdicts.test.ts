import { describe, expect, test } from '@jest/globals';

import type { TraceLine } from '../scripts/trace.ts';
import { judgeLatency } from './latency.ts';
import { judgeRecovery, probeTimes } from './recovery.ts';
import { judgeThreshold, type Measurement } from './threshold.ts';
import { judgeStatuses } from './statuses.ts';
import { judgeToken } from './token.ts';
import { judgeUnder, plannedUnder } from './under.ts';

const quota = { limit: 10, windowMs: 10_000 };

function line(sentAt: number, status: number, more: Partial<TraceLine> = {}): TraceLine {
  return {
    phase: 'over',
    sentAt,
    receivedAt: sentAt + 5,
    durationMs: 5,
    status,
    retryAfter: null,
    date: null,
    method: 'GET',
    remarks: [],
    ...more,
  };
}

const wait = (seconds: number | string) => ({ retryAfter: String(seconds) });
const codesOf = ({ remarks }: Measurement): string[] => remarks.map(({ code }) => code);
const accepted = (count: number, from = 0): TraceLine[] =>
  Array.from({ length: count }, (_, index) => line(from + index * 7, 200));
const burst = (count: number, retryAfter: number | string = 10): TraceLine[] => [
  ...accepted(count),
  line(count * 7, 429, wait(retryAfter)),
];

/** Ten at once and one for each second that the burst lasts. */
const bucket = [...accepted(10), ...[1000, 2000, 3000].map((at) => line(at, 200)), line(3100, 429, wait(1))];
const wideBucket = [...accepted(20), line(1000, 429, wait(1))];

describe('the threshold', () => {
  test.each<[string, TraceLine[], TraceLine[] | undefined, string[]]>([
    ['is as promised', burst(10), undefined, []],
    ['comes one early', burst(9), undefined, ['rate-limit.threshold.low']],
    ['comes early, twice', burst(9), burst(8), ['rate-limit.threshold.low']],
    ['comes early, once: others use the quota', burst(9), burst(10), ['load.quota-shared']],
    ['comes late, twice', burst(15), burst(15), ['rate-limit.threshold.high']],
    ['comes late, once: a window ended in the burst', burst(15), burst(10), []],
    ['comes late by what a bucket gave back', bucket, bucket, []],
    ['comes late by more than a bucket gives back', wideBucket, wideBucket, ['rate-limit.threshold.high']],
    ['is absent', accepted(30), undefined, ['rate-limit.threshold.absent']],
    [
      'cannot be told of a service that fails before it',
      [...accepted(5), ...Array.from({ length: 25 }, (_, index) => line(200 + index, 401))],
      undefined,
      ['load.pacing'],
    ],
    [
      'cannot be told of a burst that lasted too long',
      accepted(3, 0).concat(accepted(3, 20_000)),
      undefined,
      ['load.pacing'],
    ],
    ['may have counted what was cut', [...burst(9), line(3, 0)], undefined, []],
    ['counts what was sent shortly before', [line(-500, 200), ...burst(9)], undefined, []],
    [
      'does not count what was sent long before',
      [line(-20_000, 200), ...burst(9)],
      undefined,
      ['rate-limit.threshold.low'],
    ],
  ])('%s', (_, first, second, expected) => {
    expect(codesOf(judgeThreshold(first, second, quota))).toEqual(expected);
  });
});

describe('the recovery', () => {
  const probe = (sentAt: number, status: number, more: Partial<TraceLine> = {}) =>
    line(sentAt, status, { phase: 'recover', ...more });
  test.each<[string, TraceLine[], TraceLine[], string[]]>([
    ['when promised', burst(10), [probe(10_100, 200)], []],
    [
      'too early promised',
      burst(10, 5),
      [probe(5200, 429, wait(5)), probe(10_300, 200)],
      ['rate-limit.retry-after.early'],
    ],
    [
      'asked again before the promise was over',
      burst(10, 10),
      [probe(5200, 429, wait(5)), probe(10_300, 200)],
      [],
    ],
    [
      'promised too late',
      burst(10, 20),
      [probe(11_100, 200, { phase: 'test' })],
      ['rate-limit.retry-after.late'],
    ],
    ['within the rounding', burst(10, 11), [probe(10_200, 200)], []],
    [
      'a longer window',
      burst(10, 30),
      [probe(11_100, 429, { phase: 'test', ...wait(19) }), probe(30_200, 200)],
      ['rate-limit.threshold.low'],
    ],
    [
      'never',
      burst(10),
      [probe(10_100, 429, wait(1)), probe(70_000, 429, wait(1))],
      ['rate-limit.recovery.absent'],
    ],
    ['that nobody asked for', burst(10), [], ['load.pacing']],
    ['that a gateway answered', burst(10), [probe(10_100, 503)], ['load.pacing']],
  ])('%s', (_, lines, probes, expected) => {
    expect(codesOf(judgeRecovery(lines, probes, quota))).toEqual(expected);
  });

  test('a date promises to the second only', () => {
    const date = { date: 'Sat, 21 Nov 2026 07:00:00 GMT', retryAfter: 'Sat, 21 Nov 2026 07:00:10 GMT' };
    const lines = [...accepted(10), line(70, 429, date)];
    expect(codesOf(judgeRecovery(lines, [probe(10_500, 429, wait(1)), probe(11_600, 200)], quota))).toEqual(
      [],
    );
    expect(codesOf(judgeRecovery(lines, [probe(11_200, 429, wait(1)), probe(12_600, 200)], quota))).toEqual([
      'rate-limit.retry-after.early',
    ]);
  });

  test('asks when the promise of the last refusal is over', () => {
    const refusals = [line(100, 429, wait(10)), line(1200, 429, wait(8))];
    expect(probeTimes([...accepted(10), ...refusals], { quota, isRemote: false })).toEqual([9225]);
  });

  test('asks when the latest promise is over', () => {
    expect(probeTimes(burst(10, 10), { quota, isRemote: false })).toEqual([10_095]);
  });

  test.each<[string, (sentAt: number) => number, number]>([
    ['counts down', (sentAt) => 14 - Math.floor(sentAt / 1000), 14_525],
    ['is always a whole window', () => 10, 12_525],
  ])('tests a promise that %s as soon as what was served is forgotten', (_, promised, until) => {
    const refusals = [100, 2100, 2500].map((sentAt) => line(sentAt, 429, wait(promised(sentAt))));
    expect(probeTimes([...accepted(10), ...refusals], { quota, isRemote: false })).toEqual([10_168, until]);
  });

  test('leaves alone on another machine what may count refused requests', () => {
    const refusals = [100, 2100, 2500].map((sentAt) => line(sentAt, 429, wait(10)));
    expect(probeTimes([...accepted(10), ...refusals], { quota, isRemote: true })).toEqual([12_525]);
  });

  test('gives a window that weighs in the next one the time to weigh nothing', () => {
    const slow = { limit: 10, windowMs: 60_000 };
    const lines = [...accepted(10), line(3000, 429, wait(63))];
    expect(probeTimes(lines, { quota: slow, isRemote: false })).toEqual([60_168, 66_025]);
    const probes = [probe(64_100, 429, { phase: 'test', ...wait(2) }), probe(66_200, 200)];
    expect(codesOf(judgeRecovery(lines, probes, slow))).toEqual([]);
  });

  test('tests a promise beyond the window first, and waits three windows at most', () => {
    expect(probeTimes(burst(10, 1000), { quota, isRemote: false })).toEqual([12_175, 30_095]);
  });
});

describe('load below the quota', () => {
  const evenly = (status: number): TraceLine[] =>
    Array.from({ length: plannedUnder(quota) }, (_, index) => line(index * 1112, status));
  test.each<[string, TraceLine[], string[]]>([
    ['is served', evenly(200), []],
    ['is refused once', [...evenly(200).slice(0, -1), line(25_000, 429)], ['rate-limit.threshold.low']],
    ['was not sent in full', evenly(200).slice(1), ['load.pacing']],
    ['bunched up', [...evenly(200), ...accepted(20, 9000), line(9200, 429)], ['load.pacing']],
  ])('%s', (_, lines, expected) => {
    expect(codesOf(judgeUnder(lines, quota))).toEqual(expected);
  });
});

test('latency is that of accepted answers', () => {
  const slow = Array.from({ length: 20 }, (_, index) =>
    line(index, 200, { durationMs: index > 17 ? 3000 : 10 }),
  );
  expect(codesOf(judgeLatency('under', slow))).toEqual(['load.latency']);
  expect(
    codesOf(
      judgeLatency(
        'under',
        slow.map((one) => ({ ...one, status: 429 })),
      ),
    ),
  ).toEqual(['load.pacing']);
});

test('a token is refused now and then only between answers that it got', () => {
  expect(codesOf(judgeToken([line(0, 200), line(1, 401), line(2, 200)]))).toEqual(['auth.sporadic-401']);
  expect(codesOf(judgeToken([line(0, 200), line(1, 401), line(2, 401)]))).toEqual([]);
});

test('other statuses under load are findings, once', () => {
  const gateway = { kind: 'doubt', code: 'environment.gateway', details: {} } as const;
  expect(
    codesOf(
      judgeStatuses([
        line(0, 200),
        line(1, 503, { remarks: [gateway] }),
        line(2, 503, { remarks: [gateway] }),
      ]),
    ),
  ).toEqual(['load.status.unexpected']);
  expect(codesOf(judgeStatuses([line(0, 200), line(1, 503, { remarks: [gateway] }), line(2, 429)]))).toEqual(
    [],
  );
  expect(codesOf(judgeStatuses([line(0, 200), line(1, 401), line(2, 0)]))).toEqual([]);
});
