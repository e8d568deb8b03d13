import { setTimeout } from 'node:timers/promises';

import type { Quota } from '../index.ts';

/** Time, as something that can be turned: milliseconds, and a wait that an abort ends. */
export interface Timer {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

/** The clock on the wall. */
export const wallTimer: Timer = {
  now: Date.now,
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};

/** Lets requests through so that no window of the pace holds more than its limit, one count per key. */
export type Pacer = (key: string, signal: AbortSignal) => Promise<void>;

/**
 * A sliding log: exact at every boundary, whatever window the target uses.
 * @param pace undefined sends at once
 */
export function createPacer(pace: Quota | undefined, { now, wait }: Timer): Pacer {
  if (pace === undefined) return () => Promise.resolve();
  const { limit, windowMs } = pace;
  const slots = new Map<string, number[]>();
  return async (key, signal) => {
    const times = slots.get(key) ?? [];
    slots.set(key, times);
    const oldest = times[times.length - limit] ?? -Infinity;
    const at = Math.max(now(), oldest + windowMs);
    times.push(at); // the place is taken before waiting: callers side by side get different ones
    if (times.length > 2 * limit) times.splice(0, times.length - limit);
    if (at > now()) await wait(at - now(), signal);
  };
}
