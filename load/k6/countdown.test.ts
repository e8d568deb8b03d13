import { expect, test } from '@jest/globals';

import { COUNTDOWN, countDown, type Heard } from './countdown.ts';

const ROUND_TRIP_MS = 30;
const END = 9000;

/** Everything that was heard of a service that is back at `END`, asked from some moment on. */
async function heardFrom(start: number, promise: (left: number) => number | undefined): Promise<Heard[]> {
  let now = start;
  const heard: Heard[] = [];
  const ask = (): Promise<Heard> => {
    const seconds = promise((END - now) / 1000);
    now += ROUND_TRIP_MS;
    const one = { at: now, seconds };
    heard.push(one);
    return Promise.resolve(one);
  };
  await countDown(ask, (time) => Promise.resolve((now = Math.max(now, time))));
  return heard;
}

/** Milliseconds by which the last promise ends before the service is back. */
async function earlyFrom(start: number, promise: (left: number) => number): Promise<number> {
  const { at = 0, seconds = 0 } = (await heardFrom(start, promise)).at(-1) ?? {};
  return END - at - 1000 * seconds;
}

const starts = Array.from({ length: 100 }, (_, index) => 2000 + index * 10);

test('a second too little shows from wherever it is asked', async () => {
  const early = await Promise.all(starts.map((start) => earlyFrom(start, (left) => Math.ceil(left) - 1)));
  expect(Math.min(...early)).toBeGreaterThan(500);
});

test('rounding to the nearest second shows', async () => {
  const early = await Promise.all(starts.map((start) => earlyFrom(start, Math.round)));
  expect(Math.min(...early)).toBeGreaterThan(50);
});

test('a promise that is kept stays kept', async () => {
  const early = await Promise.all(starts.map((start) => earlyFrom(start, Math.ceil)));
  expect(Math.max(...early)).toBeLessThanOrEqual(0);
});

test.each<[string, (left: number) => number | undefined, number]>([
  ['says nothing', () => undefined, 1],
  ['says the least there is', () => 1, 1],
  ['never counts down', () => 10, COUNTDOWN],
])('a service that %s is asked no longer than that takes', async (_, promise, times) => {
  expect(await heardFrom(2000, promise)).toHaveLength(times);
});
