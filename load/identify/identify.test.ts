import { describe, expect, test } from '@jest/globals';

import { loadExchange } from '../test-support/load-exchange.ts';
import type { LimiterExchange } from '../scripts/trace.ts';
import { limiterFamilies, type LimiterFamily } from './families.ts';
import { showsDisagreement } from './identify.ts';
import {
  simulateIdentification,
  type SimulatedIdentification,
} from './test-support/simulate-identification.ts';

/** Simulations take seconds. */
const TIMEOUT_MS = 180_000;

/** `sliding-log-rejections-counted` → `log` */
function kindOf(family: string): string {
  return /window|log|counter|bucket|refill|distributed/.exec(family)?.[0] ?? '';
}

function familyOf({ conclusion: { ending, identification } }: SimulatedIdentification): string {
  return ending === 'distributed' ? ending : (identification?.ranking[0]?.family ?? '');
}

const seeds: Record<LimiterFamily, number> = {
  'fixed-window': 9491,
  'fixed-window-rejections-counted': 10_539,
  'aligned-window': 9753,
  'sliding-log': 9360,
  'sliding-log-rejections-counted': 10_408,
  'sliding-counter': 9884,
  'sliding-counter-rejections-counted': 10_932,
  'token-bucket': 9491,
  'interval-refill': 9753,
  distributed: 9622,
};

describe.each(limiterFamilies)('%s', (family) => {
  test(
    'is distinguished from all others, with its limit',
    async () => {
      const simulated = await simulateIdentification({ family, seed: seeds[family] });
      const { conclusion, accuracy, limit } = simulated;
      // If only the kind is identified, it must be correct.
      if (conclusion.ending === 'kind') expect(kindOf(familyOf(simulated))).toBe(kindOf(family));
      else expect(familyOf(simulated)).toBe(family);
      const found = conclusion.identification?.ranking[0]?.fit.limit ?? 0;
      expect(Math.abs(found - limit) / limit).toBeLessThan(0.1);
      expect(accuracy).toMatchObject({ missing: 0, missedDeadlines: 0, lateByMs: 0 });
    },
    TIMEOUT_MS,
  );
});

test.each<[LimiterFamily, number]>([
  ['interval-refill', 147_268],
  ['distributed', 131_299],
  ['sliding-log', 2_743_479],
])(
  'a %s that resembles another family is not identified with certainty (seed %i)',
  async (family, seed) => {
    const simulated = await simulateIdentification({ family, seed });
    const { ending } = simulated.conclusion;
    if (ending === 'certain') expect(familyOf(simulated)).toBe(family);
    else if (ending === 'kind') expect(kindOf(familyOf(simulated))).toBe(kindOf(family));
    else expect(['ambiguous', 'distributed']).toContain(ending);
  },
  TIMEOUT_MS,
);

const quota = { limit: 100, windowMs: 10_000 };

describe('Retry-After of a fixed window', () => {
  test.each([
    ['missing', { missing: 94, throttled: 94, metDeadlines: 0 }],
    ['one second', { lateByMs: 0, missedDeadlines: 7 }],
    ['four seconds too long', { missedDeadlines: 0, lateByMs: expect.any(Number) }],
  ] as const)(
    '%s',
    async (retryAfter, expected) => {
      const spec = { family: 'fixed-window', seed: 3, quota, retryAfter } as const;
      const { accuracy } = await simulateIdentification(spec);
      expect(accuracy).toMatchObject(expected);
      if (retryAfter === 'four seconds too long') expect(accuracy.lateByMs).toBeGreaterThan(1000);
    },
    TIMEOUT_MS,
  );
});

test.each(['at least two seconds', 'always ten seconds'] as const)(
  'a token bucket with a Retry-After of %s is not distributed',
  async (retryAfter) => {
    const spec = { family: 'token-bucket', seed: 5, quota, retryAfter } as const;
    const simulated = await simulateIdentification(spec);
    expect([simulated.conclusion.ending, familyOf(simulated)]).toEqual(['certain', 'token-bucket']);
  },
  TIMEOUT_MS,
);

describe('disagreement', () => {
  const allowed = (sentAt: number): LimiterExchange => loadExchange(sentAt, 200, { receivedAt: sentAt + 50 });
  const throttled = (sentAt: number, seconds = 10): LimiterExchange =>
    loadExchange(sentAt, 429, { receivedAt: sentAt + 50, retryAfter: String(seconds) });

  test('is a permit after a 429 with a later deadline', () => {
    expect(showsDisagreement([allowed(0), throttled(1000), allowed(1200), throttled(1400)])).toBe(true);
  });

  test('is not a bucket that refills', () => {
    expect(showsDisagreement([allowed(0), throttled(1000, 1), allowed(2200), throttled(2400, 1)])).toBe(
      false,
    );
  });

  test('is not the rounding of dates', () => {
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
    const dated = { ...throttled(1000), date, retryAfter: 'Sat, 21 Nov 2026 12:00:02 GMT' };
    const before = [allowed(0), throttled(1000, 2), allowed(1200), throttled(1400, 2)];
    expect(showsDisagreement(before)).toBe(true);
    expect(showsDisagreement(before.with(1, dated))).toBe(false);
  });

  test('is not a request that overtook another', () => {
    expect(showsDisagreement([allowed(0), throttled(1000), allowed(1020), throttled(1400)])).toBe(false);
  });
});
