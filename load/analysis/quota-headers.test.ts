import { describe, expect, test } from '@jest/globals';

import type { HeaderLine } from '../../core/index.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { readQuotaFields, type QuotaFields } from './quota-fields.ts';
import { judgeQuotaHeaders } from './quota-headers.ts';

const quota = { limit: 10, windowMs: 10_000 };
const DATE = 'Sat, 21 Nov 2026 12:00:00 GMT';

describe('headers that tell of a quota', () => {
  test.each<[string, HeaderLine[], QuotaFields | undefined]>([
    [
      'the draft',
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
      'older ones',
      [
        ['X-RateLimit-Limit', '100'],
        ['X-RateLimit-Remaining', '5'],
        ['X-RateLimit-Reset', '1795297589'],
      ],
      { limit: 100, remaining: 5 },
    ],
    ['older ones, spelt otherwise', [['X-Rate-Limit-Remaining', '5']], { remaining: 5 }],
    [
      'several policies, one of which is that of the quota',
      [
        ['RateLimit-Policy', '"month";q=500000;w=2592000, "burst";q=10;w=10'],
        ['RateLimit', '"month";r=499000;t=86400, "burst";r=3;t=7'],
      ],
      { limit: 10, window: 10, remaining: 3, reset: 7 },
    ],
    [
      'several policies of other quotas',
      [
        ['RateLimit-Policy', '"month";q=500000;w=2592000, "day";q=1000;w=86400'],
        ['RateLimit', '"month";r=499000;t=86400'],
      ],
      undefined,
    ],
    ['a limit with a policy behind it', [['X-RateLimit-Limit', '100, 100;w=10']], { limit: 100 }],
    ['what cannot be read', [['RateLimit', '"default;r']], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, headers, expected) => {
    expect(readQuotaFields(headers, quota)).toEqual(expected);
  });
});

/** So many accepted requests and a refused one, with what the headers say of each. */
function burst(remaining: readonly number[], fields = 'q=10;w=10', reset = 9, retryAfter = '9'): TraceLine[] {
  return remaining.map((left, index) => {
    const isLast = index === remaining.length - 1;
    return {
      phase: 'over',
      method: 'GET',
      sentAt: index,
      receivedAt: index + 1,
      durationMs: 1,
      status: isLast ? 429 : 200,
      retryAfter: isLast ? retryAfter : null,
      date: DATE,
      quotaHeaders: [
        ['RateLimit-Policy', `"default";${fields}`],
        ['RateLimit', `"default";r=${left};t=${reset}`],
      ],
      remarks: [],
    };
  });
}

const falling = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0];

describe('what they tell', () => {
  test.each<[string, TraceLine[], string[]]>([
    ['is true', burst(falling), []],
    ['is another limit', burst(falling, 'q=20;w=10'), ['limit']],
    ['is another window', burst(falling, 'q=10;w=60'), ['window']],
    ['leaves something to whoever is refused', burst([...falling.slice(0, 10), 4]), ['remaining']],
    ['is less than nothing', burst([...falling.slice(0, 9), -1, 0]), ['remaining']],
    ['does not go down', burst([9, 9, 9, 9, 9, 9, 9, 0]), ['remaining']],
    ['goes down while a bucket gives back', burst([9, 8, 8, 7, 6, 6, 5, 5, 0], undefined, 9, '1'), []],
    ['goes down twice, for a window ended', burst([4, 3, 2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]), []],
    ['resets after Retry-After', burst(falling, undefined, 14), ['reset']],
    ['resets after Retry-After, rounded', burst(falling, undefined, 11), []],
    ['is when a bucket is full again', burst(falling, undefined, 10, '1'), []],
  ])('%s', (_, lines, expected) => {
    const judged = judgeQuotaHeaders(lines, quota);
    const remarks = typeof judged === 'string' ? [] : judged.remarks;
    expect(remarks.map((remark) => 'site' in remark && remark.site)).toEqual(expected);
  });

  test('is nothing, or cannot be read', () => {
    const silent = burst(falling).map(({ quotaHeaders: _, ...line }) => line);
    expect(judgeQuotaHeaders(silent, quota)).toBe('no-quota-headers');
    const odd = silent.map((line) => ({
      ...line,
      quotaHeaders: [['X-RateLimit-Limit-Second', '100']] as const,
    }));
    expect(judgeQuotaHeaders(odd, quota)).toBe('quota-headers-unreadable');
  });
});
