import { createHash } from 'node:crypto';

import { beforeAll, expect, test } from '@jest/globals';

import { Permissions, permissionNames, type RequestSpec } from '../core/client/index.ts';
import type { Provider } from '../fixtures/provider/server.ts';
import { findingIdsIn, type PropertyOutcome } from './runner/outcomes.ts';
import { estimateRequests } from './suites/plan.ts';
import {
  runPropertyLayer,
  smallPlan,
  startTestProvider,
  type TestPlan,
} from './test-support/run-property-layer.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startTestProvider();
});

async function requestLog(changes: Partial<TestPlan>): Promise<RequestSpec[]> {
  const log: RequestSpec[] = [];
  const outcomes = await runPropertyLayer(provider, { ...smallPlan, ...changes }, { log });
  expect((outcomes as PropertyOutcome[]).flatMap(findingIdsIn)).toEqual([]);
  const { requests: planned } = estimateRequests(
    { ...smallPlan, ...changes },
    new Permissions(permissionNames),
  );
  expect(Math.abs(log.length - planned)).toBeLessThan(0.1 * planned);
  return log;
}

const hash = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');
const lines = (log: readonly RequestSpec[]): string[] => log.map((spec) => JSON.stringify(spec));

test('one seed gives the same requests in the same order', async () => {
  const alone = { concurrency: 1, histories: 0 };
  expect(hash(lines(await requestLog(alone)))).toBe(hash(lines(await requestLog(alone))));
});

test('one seed gives the same requests with any concurrency', async () => {
  const [alone, together] = [await requestLog({ concurrency: 1 }), await requestLog({ concurrency: 16 })];
  expect(hash(lines(alone).toSorted())).toBe(hash(lines(together).toSorted()));
});

test('another seed gives other requests', async () => {
  expect(hash(lines(await requestLog({})))).not.toBe(hash(lines(await requestLog({ seed: 8 }))));
});

test('a budget is exact, and so is the number of requests of the outcomes', async () => {
  const outcomes = await runPropertyLayer(provider, smallPlan, { maxRequests: 300 });
  const counted = outcomes.reduce((sum, one) => sum + (one.kind === 'skipped' ? 0 : one.requests), 0);
  expect(counted).toBe(300);
});
