import { describe, expect, test } from '@jest/globals';

import { controlOf, volleyOf, type Dimension } from '../scripts/dimensions.ts';
import { READ_BACK, type TraceLine } from '../scripts/trace.ts';
import { judgeKey } from './keys.ts';
import { judgeReceding } from './receding.ts';
import { judgeRefusedWrites } from './refused-writes.ts';

const quota = { limit: 10, windowMs: 10_000 };

function line(phase: string, status: number, more: Partial<TraceLine> = {}): TraceLine {
  const sentAt = more.sentAt ?? 0;
  const times = { sentAt, receivedAt: sentAt + 5, durationMs: 5 };
  return { phase, ...times, status, retryAfter: null, date: null, method: 'GET', remarks: [], ...more };
}

/** A volley of so many served, refused and otherwise answered requests between two controls. */
function asked(
  dimension: Dimension,
  [served, refused, others]: number[],
  controls = [429, 429],
  retryAfter = '9',
): TraceLine[] {
  const volley = [
    ...Array<number>(served ?? 0).fill(200),
    ...Array<number>(refused ?? 0).fill(429),
    ...Array<number>(others ?? 0).fill(404),
  ];
  return [
    ...controls.slice(0, 1).map((status) => line(controlOf(dimension), status, { retryAfter })),
    ...volley.map((status) => line(volleyOf(dimension), status)),
    ...controls.slice(1).map((status) => line(controlOf(dimension), status, { retryAfter })),
  ];
}

const dialled = (lines: TraceLine[]): TraceLine[] => lines.map((one) => ({ ...one, dialled: true }));
const twice = (lines: TraceLine[]): TraceLine[] => [...lines, ...lines];

const said = (judged: ReturnType<typeof judgeKey>): string | string[] =>
  typeof judged === 'string' ? judged : judged.remarks.map(({ code }) => code);

describe('the key of a quota', () => {
  test.each<[string, TraceLine[], string | string[], Dimension?]>([
    ['a fresh token is refused as well', asked('token', [0, 8, 0]), []],
    ['a fresh token is served, twice', twice(asked('token', [8, 0, 0])), ['rate-limit.key.token']],
    ['a fresh token is served, once: a bucket gave back', asked('token', [8, 0, 0]), 'key-mixed'],
    [
      'a fresh token is served, and then refused',
      [...asked('token', [8, 0, 0]), ...asked('token', [0, 8, 0])],
      [],
    ],
    ['a bucket gives a place or two back', asked('path', [3, 5, 0]), [], 'path'],
    ['half of them are served', twice(asked('token', [4, 4, 0])), 'key-mixed'],
    ['another client is served', asked('client', [8, 0, 0]), [], 'client'],
    ['another client is refused', twice(asked('client', [0, 8, 0])), ['rate-limit.key.client'], 'client'],
    ['another version is not there', asked('version', [0, 0, 8]), 'key-not-served', 'version'],
    ['a window ended under way', asked('token', [6, 2, 0], [429, 200]), 'key-not-used-up'],
    ['the quota was free before and after', asked('token', [8, 0, 0], [200, 200]), 'key-not-used-up'],
    ['nothing was asked', [], 'key-not-asked'],
    ['a new connection is refused', dialled(asked('connection', [0, 8, 0])), [], 'connection'],
    [
      'new connections are served, and so is what follows',
      twice(dialled(asked('connection', [8, 0, 0], [429, 200]))),
      ['rate-limit.key.connection'],
      'connection',
    ],
    [
      'a new connection is refused by a bucket',
      dialled(asked('connection', [1, 7, 0], [429, 429], '1')),
      [],
      'connection',
    ],
    [
      'new connections are served, where a window may have ended',
      twice(dialled(asked('connection', [8, 0, 0], [429, 200], '1'))),
      'key-not-used-up',
      'connection',
    ],
    ['no connection was new', asked('connection', [0, 8, 0]), 'key-not-dialled', 'connection'],
  ])('%s', (_, lines, expected, dimension = 'token') => {
    expect(said(judgeKey(dimension, lines, quota))).toEqual(expected);
  });
});

test('what a bucket may have given back is no quota of its own', () => {
  const lines = twice(asked('token', [8, 0, 0], [429, 429], '1'));
  expect(said(judgeKey('token', lines, { limit: 200, windowMs: 10_000 }))).toBe('key-mixed');
  expect(said(judgeKey('token', lines, { limit: 100, windowMs: 10_000 }))).toEqual(['rate-limit.key.token']);
});

describe('a report that was refused with 429', () => {
  const write = (status: number, mark: string): TraceLine => line(volleyOf('operation'), status, { mark });
  test.each<[string, TraceLine[], string[]]>([
    ['is not stored', [write(429, 'a'), line(READ_BACK, 200, { mark: 'z' })], []],
    [
      'is stored',
      [write(429, 'a'), line(READ_BACK, 200, { mark: 'a' })],
      ['rate-limit.rejected-write.applied'],
    ],
    ['is not the one that was taken', [write(200, 'a'), line(READ_BACK, 200, { mark: 'a' })], []],
    ['is not read back', [write(429, 'a'), line(READ_BACK, 429)], ['load.pacing']],
  ])('%s', (_, lines, expected) => {
    expect(judgeRefusedWrites(lines).remarks.map(({ code }) => code)).toEqual(expected);
  });
});

describe('promises in one blocked time', () => {
  const refused = (sentAt: number, retryAfter: number): TraceLine =>
    line('over', 429, { sentAt, retryAfter: String(retryAfter) });
  const served = (sentAt: number): TraceLine => line('over', 200, { sentAt });
  test.each<[string, TraceLine[], string[]]>([
    ['count down', [refused(0, 10), refused(3000, 7)], []],
    ['start anew with every refused request', [refused(0, 10), refused(3000, 10)], []],
    ['reach into the next window, where refused requests weigh', [refused(0, 10), refused(3000, 18)], []],
    ['grow', [refused(0, 10), refused(100, 40)], ['rate-limit.retry-after.receding']],
    ['are too long from the beginning', [refused(0, 100), refused(3000, 100)], []],
    ['are of two blocked times', [refused(0, 10), served(10_000), refused(10_100, 40)], []],
  ])('%s', (_, lines, expected) => {
    expect(judgeReceding(lines, quota).remarks.map(({ code }) => code)).toEqual(expected);
  });
});
