import { setTimeout } from 'node:timers/promises';

import type { Quota } from '../index.ts';

/** A clock in milliseconds, and a pause that an abort ends. Tests replace it. */
export interface Timer {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

export const systemTimer: Timer = {
  now: Date.now,
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};

/** Waits until a request with this key may be sent. */
export type Throttle = (key: string, signal: AbortSignal) => Promise<void>;

/**
 * Creates a throttle that remembers the last requests of each key, so that no window contains more than the limit,
 * wherever the window of the target starts.
 * @param pace undefined sends without delay
 */
export function createThrottle(pace: Quota | undefined, { now, wait }: Timer): Throttle {
  if (pace === undefined) return () => Promise.resolve();
  const { limit, windowMs } = pace;
  const sentByKey = new Map<string, number[]>();
  return async (key, signal) => {
    const times = sentByKey.get(key) ?? [];
    sentByKey.set(key, times);
    const oldest = times[times.length - limit] ?? -Infinity;
    const at = Math.max(now(), oldest + windowMs);
    times.push(at); // booked before the wait, so that concurrent callers get different times
    if (times.length > 2 * limit) times.splice(0, times.length - limit);
    if (at > now()) await wait(at - now(), signal);
  };
}
