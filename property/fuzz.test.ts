import { createHash } from 'node:crypto';

import { beforeAll, expect, test } from '@jest/globals';

import { Guard, permissions, type Step } from '../core/client/index.ts';
import type { Provider } from '../fixtures/provider/server.ts';
import { outcomesAt, some, start, type Amount } from '../harness/test-support/fuzz-at.ts';
import { planFuzz } from './index.ts';
import { keysOf } from './runner/run-test-case.ts';

let sound: Provider;
beforeAll(async () => {
  sound = await start();
});

async function requestLog(amount: Partial<Amount>): Promise<Step[]> {
  const log: Step[] = [];
  const outcomes = await outcomesAt(sound, { ...some, ...amount }, { log });
  expect(outcomes.flatMap(keysOf)).toEqual([]);
  const planned = planFuzz({ ...some, ...amount, guard: new Guard(permissions) }).requests;
  expect(Math.abs(log.length - planned)).toBeLessThan(0.1 * planned);
  return log;
}

const hash = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');
const lines = (log: readonly Step[]): string[] => log.map((step) => JSON.stringify(step));

test('one seed gives the same requests in the same order', async () => {
  const alone = { inFlight: 1, histories: 0 };
  expect(hash(lines(await requestLog(alone)))).toBe(hash(lines(await requestLog(alone))));
});

test('one seed gives the same requests, however many are under way', async () => {
  const [alone, together] = [await requestLog({ inFlight: 1 }), await requestLog({ inFlight: 16 })];
  expect(hash(lines(alone).toSorted())).toBe(hash(lines(together).toSorted()));
});

test('another seed gives other requests', async () => {
  expect(hash(lines(await requestLog({})))).not.toBe(hash(lines(await requestLog({ seed: 8 }))));
});

test('tells of requests that are slow every time, and finds nothing wrong with them', async () => {
  const slow = await start({
    group: 'J',
    title: 'is slow with reports of one kind',
    plant: ({ finish }) => ({
      finish: async (reply, call) => {
        const isSlow = call.body.includes('IIQ_HARVESTER') && call.body.includes('WARNING');
        return { ...(await finish(reply, call)), delayMs: isSlow ? 1100 : 0 };
      },
    }),
  });
  const few = { ...some, randomBodies: 0, histories: 0, sequences: 0, richBases: false, pairwise: false };
  const outcomes = await outcomesAt(slow, few);
  expect(outcomes.flatMap(keysOf)).toEqual([]);
  const notices = outcomes.flatMap((one) => (one.kind === 'not-verifiable' ? [] : (one.notices ?? [])));
  expect(notices.map(({ code, details }) => [code, details['what']])).toEqual([
    ['response.latency.outlier', 'pair-WARNING-IIQ_HARVESTER@status+type'],
  ]);
});

test('a budget is held, and what was sent is what is counted', async () => {
  const outcomes = await outcomesAt(sound, some, { budget: 300 });
  const counted = outcomes.reduce((sum, one) => sum + (one.kind === 'not-verifiable' ? 0 : one.requests), 0);
  expect(counted).toBe(300);
});
