import { describe, expect, test } from '@jest/globals';

import type { HeaderLine } from '../../../core/index.ts';
import type { LoadExchange } from '../../scripts/trace.ts';
import { loadExchange } from '../../test-support/load-exchange.ts';
import { readQuotaFields, type QuotaFields } from './quota-fields.ts';
import { judgeQuotaHeaders } from './quota-headers.ts';

const quota = { limit: 10, windowMs: 10_000 };
const DATE = 'Sat, 21 Nov 2026 12:00:00 GMT';

describe('rate limit headers are parsed', () => {
  test.each<[string, HeaderLine[], QuotaFields | undefined]>([
    [
      'the current draft',
      [
        ['RateLimit-Policy', '"default";q=100;w=10'],
        ['RateLimit', '"default";r=50;t=3'],
      ],
      { limit: 100, window: 10, remaining: 50, reset: 3 },
    ],
    [
      'draft 07',
      [['RateLimit', 'limit=100, remaining=50, reset=3']],
      { limit: 100, remaining: 50, reset: 3 },
    ],
    [
      'draft 06',
      [
        ['RateLimit-Limit', '100'],
        ['RateLimit-Policy', '100;w=10'],
        ['RateLimit-Reset', '3'],
      ],
      { limit: 100, window: 10, reset: 3 },
    ],
    [
      'older headers',
      [
        ['X-RateLimit-Limit', '100'],
        ['X-RateLimit-Remaining', '5'],
        ['X-RateLimit-Reset', '1795297589'],
      ],
      { limit: 100, remaining: 5 },
    ],
    ['older headers with another spelling', [['X-Rate-Limit-Remaining', '5']], { remaining: 5 }],
    [
      'several policies, one of them for the quota',
      [
        ['RateLimit-Policy', '"month";q=500000;w=2592000, "burst";q=10;w=10'],
        ['RateLimit', '"month";r=499000;t=86400, "burst";r=3;t=7'],
      ],
      { limit: 10, window: 10, remaining: 3, reset: 7 },
    ],
    [
      'several policies for other quotas',
      [
        ['RateLimit-Policy', '"month";q=500000;w=2592000, "day";q=1000;w=86400'],
        ['RateLimit', '"month";r=499000;t=86400'],
      ],
      undefined,
    ],
    ['a limit followed by a policy', [['X-RateLimit-Limit', '100, 100;w=10']], { limit: 100 }],
    ['invalid syntax', [['RateLimit', '"default;r']], undefined],
    ['no headers', [], undefined],
  ])('%s', (_, headers, expected) => {
    expect(readQuotaFields(headers, quota)).toEqual(expected);
  });
});

/** Accepted requests and a throttled one, with the remaining quota of each. */
function burst(
  remaining: readonly number[],
  policy = 'q=10;w=10',
  reset = 9,
  retryAfter = '9',
): LoadExchange[] {
  return remaining.map((left, index) => {
    const isLast = index === remaining.length - 1;
    return loadExchange(index, isLast ? 429 : 200, {
      retryAfter: isLast ? retryAfter : null,
      date: DATE,
      quotaHeaders: [
        ['RateLimit-Policy', `"default";${policy}`],
        ['RateLimit', `"default";r=${left};t=${reset}`],
      ],
    });
  });
}

const decreasing = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0];

describe('rate limit headers', () => {
  test.each<[string, LoadExchange[], string[]]>([
    ['agree with the limiter', burst(decreasing), []],
    ['have another limit', burst(decreasing, 'q=20;w=10'), ['limit']],
    ['have another window', burst(decreasing, 'q=10;w=60'), ['window']],
    ['have a remaining quota for a throttled request', burst([...decreasing.slice(0, 10), 4]), ['remaining']],
    ['have a negative remaining quota', burst([...decreasing.slice(0, 9), -1, 0]), ['remaining']],
    ['do not decrease', burst([9, 9, 9, 9, 9, 9, 9, 0]), ['remaining']],
    ['decrease while a bucket refills', burst([9, 8, 8, 7, 6, 6, 5, 5, 0], undefined, 9, '1'), []],
    ['decrease twice, because a window ended', burst([4, 3, 2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]), []],
    ['reset after Retry-After', burst(decreasing, undefined, 14), ['reset']],
    ['reset after Retry-After, within the rounding', burst(decreasing, undefined, 11), []],
    ['reset when a bucket is full again', burst(decreasing, undefined, 10, '1'), []],
  ])('%s', (_, exchanges, expected) => {
    const judged = judgeQuotaHeaders(exchanges, quota);
    const results = typeof judged === 'string' ? [] : judged.results;
    expect(results.map((result) => 'site' in result && result.site)).toEqual(expected);
  });

  test('are absent or unreadable', () => {
    const without = burst(decreasing).map(({ quotaHeaders: _, ...exchange }) => exchange);
    expect(judgeQuotaHeaders(without, quota)).toBe('no-quota-headers');
    const unknown = without.map((exchange) => ({
      ...exchange,
      quotaHeaders: [['X-RateLimit-Limit-Second', '100']] as const,
    }));
    expect(judgeQuotaHeaders(unknown, quota)).toBe('quota-headers-unreadable');
  });
});
