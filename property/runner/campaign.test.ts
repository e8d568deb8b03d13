import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { campaign, type CampaignEvent, type Verdict } from './campaign.ts';

const arbitrary = fc.record({ x: fc.nat(1000), y: fc.array(fc.nat(100), { maxLength: 5 }) });
type Value = { x: number; y: number[] };

/** Two bugs that overlap: stock shrinking slides from one into the other. */
function bugsIn({ x, y }: Value): string[] {
  return [...(x > 700 ? ['big'] : []), ...(y.some((item) => item > 50) ? ['item'] : [])];
}

function judge(value: Value): Promise<Verdict<Value>> {
  return Promise.resolve({ keys: bugsIn(value), report: value });
}

async function run(concurrency: number): Promise<CampaignEvent<Value, Value>[]> {
  return Array.fromAsync(
    campaign<Value, Value>({ arbitrary, seed: 42, numRuns: 100, concurrency, maxShrinks: 500, judge }),
  );
}

const minimaOf = (events: CampaignEvent<Value, Value>[]) =>
  events.flatMap((event) => (event.kind === 'minimum' ? [event.minimum] : []));

test('judges exactly the values of a stock run with the same seed', async () => {
  const values = (await run(7)).flatMap((event) => (event.kind === 'run' ? [event.report] : []));
  const inAnyOrder = (list: Value[]) => list.map((value) => JSON.stringify(value)).toSorted();
  expect(inAnyOrder(values)).toEqual(inAnyOrder(fc.sample(arbitrary, { seed: 42, numRuns: 100 })));
});

test('shrinks each bug into itself', async () => {
  const minima = minimaOf(await run(7));
  expect(minima.map(({ key }) => key).toSorted()).toEqual(['big', 'item']);
  expect(minima.find(({ key }) => key === 'big')?.value).toEqual({ x: 701, y: [] });
  expect(minima.find(({ key }) => key === 'item')?.value).toEqual({ x: 0, y: [51] });
});

test('gives paths that stock fast-check replays', async () => {
  const minima = minimaOf(await run(7));
  expect(minima).toHaveLength(2);
  for (const { key, seed, path, value } of minima) {
    const property = fc.asyncProperty(arbitrary, (drawn) => Promise.resolve(!bugsIn(drawn).includes(key)));
    const replayed = await fc.check(property, { seed, path, endOnFailure: true });
    expect(replayed.counterexample).toEqual([value]);
  }
});

test('finds the same minima however many values are under way', async () => {
  const strip = (events: CampaignEvent<Value, Value>[]) =>
    minimaOf(events).map(({ value, path }) => ({ value, path }));
  expect(strip(await run(1))).toEqual(strip(await run(16)));
});

test('stops shrinking when the budget is spent', async () => {
  const events = await Array.fromAsync(
    campaign<Value, Value>({ arbitrary, seed: 42, numRuns: 100, concurrency: 4, maxShrinks: 0, judge }),
  );
  const minima = minimaOf(events);
  expect(minima).toHaveLength(2);
  for (const { shrinks, path } of minima)
    expect([shrinks, path]).toEqual([0, expect.stringMatching(/^\d+$/)]);
});
