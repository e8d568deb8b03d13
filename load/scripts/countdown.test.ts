import { expect, test } from '@jest/globals';

import { COUNTDOWN, countDown, type Heard } from './countdown.ts';

const END = 9000;

interface Service {
  readonly promise: (left: number) => number | undefined;
  readonly roundTrip?: number;
}

/** Everything that was heard of a service that is back at `END`, asked from some moment on, and when it was received. */
async function heardFrom(
  start: number,
  { promise, roundTrip = 30 }: Service,
): Promise<(Heard & { at: number })[]> {
  let now = start;
  const heard: (Heard & { at: number })[] = [];
  const ask = (): Promise<Heard> => {
    const sentAt = now;
    const seconds = promise((END - now - roundTrip / 2) / 1000);
    now += roundTrip;
    const one = { sentAt, at: now, seconds };
    heard.push(one);
    return Promise.resolve(one);
  };
  await countDown(ask, (time) => Promise.resolve((now = Math.max(now, time))));
  return heard;
}

/** Milliseconds by which the last promise ends before the service is back. */
async function earlyFrom(start: number, service: Service): Promise<number> {
  const { at = 0, seconds = 0 } = (await heardFrom(start, service)).at(-1) ?? {};
  return END - at - 1000 * seconds;
}

const starts = Array.from({ length: 100 }, (_, index) => 2000 + index * 10);

async function earlyFromAnywhere(service: Service): Promise<number[]> {
  return Promise.all(starts.map((start) => earlyFrom(start, service)));
}

test.each([30, 300])(
  'a second too little shows from wherever it is asked, behind %i ms',
  async (roundTrip) => {
    const early = await earlyFromAnywhere({ promise: (left) => Math.ceil(left) - 1, roundTrip });
    expect(Math.min(...early)).toBeGreaterThan(300);
  },
);

test('rounding to the nearest second shows where answers are quick', async () => {
  expect(Math.min(...(await earlyFromAnywhere({ promise: Math.round })))).toBeGreaterThan(50);
});

test.each([30, 300])('a promise that is kept stays kept, behind %i ms', async (roundTrip) => {
  expect(Math.max(...(await earlyFromAnywhere({ promise: Math.ceil, roundTrip })))).toBeLessThanOrEqual(0);
});

test.each<[string, (left: number) => number | undefined, number]>([
  ['says nothing', () => undefined, 1],
  ['says the least there is', () => 1, 1],
  ['never counts down', () => 10, COUNTDOWN],
])('a service that %s is asked no longer than that takes', async (_, promise, times) => {
  expect(await heardFrom(2000, { promise })).toHaveLength(times);
});
