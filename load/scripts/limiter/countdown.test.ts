import { expect, test } from '@jest/globals';

import { MAX_COUNTDOWN_REQUESTS } from '../../timing.ts';
import { observeCountdown, type CountdownReading } from './countdown.ts';

const RECOVERY = 9000;

interface Service {
  readonly announce: (left: number) => number | undefined;
  readonly roundTrip?: number;
}

type TimedReading = CountdownReading & { readonly receivedAt: number };

/** All readings of a service that recovers at `RECOVERY`. */
async function readingsFrom(start: number, { announce, roundTrip = 30 }: Service): Promise<TimedReading[]> {
  let now = start;
  const readings: TimedReading[] = [];
  const send = (): Promise<CountdownReading> => {
    const sentAt = now;
    const seconds = announce((RECOVERY - now - roundTrip / 2) / 1000);
    now += roundTrip;
    const reading = { sentAt, receivedAt: now, seconds };
    readings.push(reading);
    return Promise.resolve(reading);
  };
  await observeCountdown(send, (time) => Promise.resolve((now = Math.max(now, time))));
  return readings;
}

/** Milliseconds from the end of the last announced wait to the recovery. */
async function earlyMs(start: number, service: Service): Promise<number> {
  const { receivedAt = 0, seconds = 0 } = (await readingsFrom(start, service)).at(-1) ?? {};
  return RECOVERY - receivedAt - 1000 * seconds;
}

const starts = Array.from({ length: 100 }, (_, index) => 2000 + index * 10);

async function earlyFromAllStarts(service: Service): Promise<number[]> {
  return Promise.all(starts.map((start) => earlyMs(start, service)));
}

test.each([30, 300])('reveals a Retry-After that is a second too short, at %i ms', async (roundTrip) => {
  const early = await earlyFromAllStarts({ announce: (left) => Math.ceil(left) - 1, roundTrip });
  expect(Math.min(...early)).toBeGreaterThan(300);
});

test('reveals rounding to the nearest second if responses are fast', async () => {
  expect(Math.min(...(await earlyFromAllStarts({ announce: Math.round })))).toBeGreaterThan(50);
});

test.each([30, 300])('does not blame a correct Retry-After, at %i ms', async (roundTrip) => {
  expect(Math.max(...(await earlyFromAllStarts({ announce: Math.ceil, roundTrip })))).toBeLessThanOrEqual(0);
});

test.each<[string, (left: number) => number | undefined, number]>([
  ['announces nothing', () => undefined, 1],
  ['announces the smallest value', () => 1, 1],
  ['never counts down', () => 10, MAX_COUNTDOWN_REQUESTS],
])('sends no more requests than necessary to a service that %s', async (_, announce, requests) => {
  expect(await readingsFrom(2000, { announce })).toHaveLength(requests);
});
