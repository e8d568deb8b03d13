import { expect, test } from '@jest/globals';

import type { Exchange } from '../../core/index.ts';
import type { RequestSpec, Send } from '../../core/client/index.ts';
import { QuotaExhaustion, QuotaNotExhaustedError } from './quota-exhaustion.ts';
import type { SentRequest } from './verifier-proxy.ts';

const quota = { limit: 20, windowMs: 1000 };

const spec: RequestSpec = {
  method: 'GET',
  path: '/beta/managed-clients/aClientId/status?type=CCG',
  headers: [],
  authorization: { kind: 'token', of: 'load' },
  intent: { operation: 'getManagedClientStatus', expectation: 'accept-or-limited' },
};

interface FakeLimiter {
  /** Decides whether a request at a time in milliseconds is allowed. */
  readonly isAllowed: (time: number) => boolean;
  readonly latencyMs: number;
}

/** A target that responds after a latency, with a clock that only requests advance. */
function simulate({ isAllowed, latencyMs }: FakeLimiter) {
  let time = 0;
  let sent = 0;
  const send: Send = async () => {
    const startedAt = time;
    sent += 1;
    const status = isAllowed(startedAt) ? 200 : 429;
    await Promise.resolve();
    time = startedAt + latencyMs;
    const answer = { kind: 'response', status, headers: [], headerLines: 'all', body: { kind: 'none' } };
    return { exchange: { answer } as unknown as Exchange, retried: [], requests: 1 };
  };
  const exhaustion = new QuotaExhaustion({ send, quota, now: () => time });
  return { exhaustion, sent: () => sent };
}

/** A bucket of the quota that refills continuously. */
function bucket(): FakeLimiter['isAllowed'] {
  let permits = quota.limit;
  let last = 0;
  return (time) => {
    permits = Math.min(quota.limit, permits + ((time - last) * quota.limit) / quota.windowMs);
    last = time;
    if (permits < 1) return false;
    permits -= 1;
    return true;
  };
}

test.each([
  ['a fast target', 1],
  ['a slow target, whose bucket refills during a request', 120],
])('repeats the verified request until it is throttled by %s', async (_, latencyMs) => {
  const { exhaustion } = simulate({ isAllowed: bucket(), latencyMs });
  const extra: SentRequest[] = [];
  const { result } = await exhaustion.sendUntilThrottled('load', spec, (one) => extra.push(one));
  expect(result.exchange.answer).toMatchObject({ status: 429 });
  expect(extra.length).toBeGreaterThanOrEqual(quota.limit);
});

test('tries a target without a limit once for each caller', async () => {
  const { exhaustion, sent } = simulate({ isAllowed: () => true, latencyMs: 1 });
  const attempt = (caller: string): Promise<unknown> =>
    exhaustion.sendUntilThrottled(caller, spec, () => undefined);
  await expect(attempt('load')).rejects.toThrow(QuotaNotExhaustedError);
  const afterFirst = sent();
  expect(afterFirst).toBeLessThan(2 * quota.limit + 64);
  await expect(attempt('load')).rejects.toThrow(`${afterFirst} requests`);
  expect(sent()).toBe(afterFirst);
  await expect(attempt('user')).rejects.toThrow(QuotaNotExhaustedError);
  expect(sent()).toBe(2 * afterFirst);
});

test('ends if requests arrive slower than the quota', async () => {
  const { exhaustion, sent } = simulate({ isAllowed: () => true, latencyMs: 900 });
  const attempt = exhaustion.sendUntilThrottled('load', spec, () => undefined);
  await expect(attempt).rejects.toThrow('were not throttled');
  expect(sent()).toBeLessThan(quota.limit);
});

test('after an exhaustion, returns the last response of a few requests if none is throttled', async () => {
  const { exhaustion, sent } = simulate({ isAllowed: () => true, latencyMs: 1 });
  const extra: SentRequest[] = [];
  const { result } = await exhaustion.sendAfterExhaustion(spec, (one) => extra.push(one));
  expect(result.exchange.answer).toMatchObject({ status: 200 });
  expect([sent(), extra.length]).toEqual([9, 8]);
});
