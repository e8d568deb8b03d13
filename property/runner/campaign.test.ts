import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { runCampaign, type Minimum, type ValueJudgement } from './campaign.ts';

const arbitrary = fc.record({ x: fc.nat(1000), y: fc.array(fc.nat(100), { maxLength: 5 }) });
type Value = { x: number; y: number[] };

/** Two overlapping defects. The shrinking of fast-check moves from one to the other. */
function bugsIn({ x, y }: Value): string[] {
  return [...(x > 700 ? ['big'] : []), ...(y.some((item) => item > 50) ? ['item'] : [])];
}

function judge(value: Value): Promise<ValueJudgement<Value>> {
  return Promise.resolve({ keys: bugsIn(value), report: value });
}

interface CampaignResult {
  readonly judged: readonly Value[];
  readonly minima: readonly Minimum<Value, Value>[];
}

async function run(concurrency: number, maxShrinks = 500): Promise<CampaignResult> {
  const judged: Value[] = [];
  const minima = await runCampaign<Value, Value>({
    arbitrary,
    seed: 42,
    numRuns: 100,
    concurrency,
    maxShrinks,
    judge,
    onVerdict: ({ report }) => judged.push(report),
  });
  return { judged, minima };
}

test('judges exactly the values of fast-check with the same seed', async () => {
  const { judged } = await run(7);
  const inAnyOrder = (list: readonly Value[]) => list.map((value) => JSON.stringify(value)).toSorted();
  expect(inAnyOrder(judged)).toEqual(inAnyOrder(fc.sample(arbitrary, { seed: 42, numRuns: 100 })));
});

test('shrinks each failure to itself', async () => {
  const { minima } = await run(7);
  expect(minima.map(({ key }) => key).toSorted()).toEqual(['big', 'item']);
  expect(minima.find(({ key }) => key === 'big')?.value).toEqual({ x: 701, y: [] });
  expect(minima.find(({ key }) => key === 'item')?.value).toEqual({ x: 0, y: [51] });
});

test('returns paths that fast-check replays', async () => {
  const { minima } = await run(7);
  expect(minima).toHaveLength(2);
  for (const { key, seed, path, value } of minima) {
    const property = fc.asyncProperty(arbitrary, (drawn) => Promise.resolve(!bugsIn(drawn).includes(key)));
    const replayed = await fc.check(property, { seed, path, endOnFailure: true });
    expect(replayed.counterexample).toEqual([value]);
  }
});

test('finds the same minima with any concurrency', async () => {
  const strip = ({ minima }: CampaignResult) => minima.map(({ value, path }) => ({ value, path }));
  expect(strip(await run(1))).toEqual(strip(await run(16)));
});

test('stops shrinking when the budget is spent', async () => {
  const { minima } = await run(4, 0);
  expect(minima).toHaveLength(2);
  for (const { shrinks, path } of minima)
    expect([shrinks, path]).toEqual([0, expect.stringMatching(/^\d+$/)]);
});
