import { describe, expect, test } from '@jest/globals';

import {
  controlStep,
  routeStep,
  volleyStep,
  type PartitionKey,
} from '../../scripts/limiter/partition-keys.ts';
import { READ_BACK, type LoadExchange } from '../../scripts/trace.ts';
import { codesIn, loadExchange } from '../../test-support/load-exchange.ts';
import { judgeKey } from './partition-keys.ts';
import { judgeReceding } from './receding.ts';
import { judgeThrottledWrites } from './throttled-writes.ts';

const quota = { limit: 10, windowMs: 10_000 };

/** A volley of allowed, throttled and other requests, between two control requests. */
function volley(
  key: PartitionKey,
  [allowed, throttled, others]: readonly [number, number, number],
  [before, after] = [429, 429],
  retryAfter = '9',
): LoadExchange[] {
  const statuses = [
    ...Array<number>(allowed).fill(200),
    ...Array<number>(throttled).fill(429),
    ...Array<number>(others).fill(404),
  ];
  const control = (status: number): LoadExchange =>
    loadExchange(0, status, { step: controlStep(key), retryAfter });
  return [
    control(before),
    ...statuses.map((status) => loadExchange(0, status, { step: volleyStep(key) })),
    control(after),
  ];
}

const overNewConnections = (exchanges: LoadExchange[]): LoadExchange[] =>
  exchanges.map((one) => ({ ...one, isNewConnection: true }));
const twice = (exchanges: LoadExchange[]): LoadExchange[] => [...exchanges, ...exchanges];

const resultOf = (judged: ReturnType<typeof judgeKey>): string | string[] =>
  typeof judged === 'string' ? judged : codesIn(judged.results);

describe('partition keys', () => {
  test.each<[string, LoadExchange[], string | string[], PartitionKey?]>([
    ['a new token is throttled', volley('token', [0, 8, 0]), []],
    ['a new token is allowed twice', twice(volley('token', [8, 0, 0])), ['rate-limit.key.token']],
    ['a new token is allowed once, because a bucket refilled', volley('token', [8, 0, 0]), 'mixed-responses'],
    [
      'a new token is allowed and then throttled',
      [...volley('token', [8, 0, 0]), ...volley('token', [0, 8, 0])],
      [],
    ],
    ['a bucket refills one or two permits', volley('path', [3, 5, 0]), [], 'path'],
    ['half of the requests are allowed', twice(volley('token', [4, 4, 0])), 'mixed-responses'],
    ['another OAuth client is allowed', volley('client', [8, 0, 0]), [], 'client'],
    [
      'another OAuth client is throttled',
      twice(volley('client', [0, 8, 0])),
      ['rate-limit.key.client'],
      'client',
    ],
    ['another version does not exist', volley('version', [0, 0, 8]), 'not-routed', 'version'],
    [
      'another version is throttled',
      [loadExchange(0, 200, { step: routeStep('version') }), ...twice(volley('version', [0, 8, 0]))],
      ['rate-limit.key.version'],
      'version',
    ],
    [
      'another version is throttled, but does not exist',
      [loadExchange(0, 404, { step: routeStep('version') }), ...twice(volley('version', [0, 8, 0]))],
      'not-routed',
      'version',
    ],
    ['a window ended during the volley', volley('token', [6, 2, 0], [429, 200]), 'recovered-early'],
    ['the quota was never exhausted', volley('token', [8, 0, 0], [200, 200]), 'recovered-early'],
    ['no volley was sent', [], 'no-429'],
    ['a new connection is throttled', overNewConnections(volley('connection', [0, 8, 0])), [], 'connection'],
    [
      'new connections are allowed, and so is the control request',
      twice(overNewConnections(volley('connection', [8, 0, 0], [429, 200]))),
      ['rate-limit.key.connection'],
      'connection',
    ],
    [
      'a new connection is throttled by a bucket',
      overNewConnections(volley('connection', [1, 7, 0], [429, 429], '1')),
      [],
      'connection',
    ],
    [
      'new connections are allowed when a window may have ended',
      twice(overNewConnections(volley('connection', [8, 0, 0], [429, 200], '1'))),
      'recovered-early',
      'connection',
    ],
    ['no connection was new', volley('connection', [0, 8, 0]), 'connections-reused', 'connection'],
  ])('%s', (_, exchanges, expected, key = 'token') => {
    expect(resultOf(judgeKey(key, exchanges, quota))).toEqual(expected);
  });

  test('requests that a bucket may have refilled do not show a separate quota', () => {
    const exchanges = twice(volley('token', [8, 0, 0], [429, 429], '1'));
    const judged = (limit: number): string | string[] =>
      resultOf(judgeKey('token', exchanges, { limit, windowMs: 10_000 }));
    expect(judged(200)).toBe('mixed-responses');
    expect(judged(100)).toEqual(['rate-limit.key.token']);
  });
});

describe('a report that was throttled', () => {
  const write = (status: number, writeId: string): LoadExchange =>
    loadExchange(0, status, { step: volleyStep('operation'), writeId });
  const readBack = (status: number, writeId?: string): LoadExchange =>
    loadExchange(0, status, { step: READ_BACK, ...(writeId !== undefined && { writeId }) });
  test.each<[string, LoadExchange[], string[]]>([
    ['is not stored', [write(429, 'a'), readBack(200, 'z')], []],
    ['is stored', [write(429, 'a'), readBack(200, 'a')], ['rate-limit.rejected-write.applied']],
    ['differs from an accepted one', [write(200, 'a'), readBack(200, 'a')], []],
    ['is not read back', [write(429, 'a'), readBack(429)], ['load.pacing']],
  ])('%s', (_, exchanges, expected) => {
    expect(codesIn(judgeThrottledWrites(exchanges).results)).toEqual(expected);
  });
});

describe('Retry-After while the quota is exhausted', () => {
  const throttled = (sentAt: number, retryAfter: number): LoadExchange =>
    loadExchange(sentAt, 429, { retryAfter: String(retryAfter) });
  test.each<[string, LoadExchange[], string[]]>([
    ['counts down', [throttled(0, 10), throttled(3000, 7)], []],
    ['restarts with every rejection', [throttled(0, 10), throttled(3000, 10)], []],
    [
      'includes the next window, in which rejections are weighted',
      [throttled(0, 10), throttled(3000, 18)],
      [],
    ],
    ['grows', [throttled(0, 10), throttled(100, 40)], ['rate-limit.retry-after.receding']],
    ['is too long from the start', [throttled(0, 100), throttled(3000, 100)], []],
    [
      'starts again after a recovery',
      [throttled(0, 10), loadExchange(10_000, 200), throttled(10_100, 40)],
      [],
    ],
  ])('%s', (_, exchanges, expected) => {
    expect(codesIn(judgeReceding(exchanges, quota).results)).toEqual(expected);
  });
});
