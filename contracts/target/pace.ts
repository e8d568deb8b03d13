import { setTimeout as wait } from 'node:timers/promises';

import type { Quota } from '../index.ts';

/** Lets requests through so that no window of the pace holds more than its limit, one count per key. */
export type Pacer = (key: string, signal: AbortSignal) => Promise<void>;

/**
 * A sliding log: exact at every boundary, whatever window the target uses.
 * @param pace undefined sends at once
 */
export function createPacer(pace: Quota | undefined, now: () => number): Pacer {
  if (pace === undefined) return () => Promise.resolve();
  const { limit, windowMs } = pace;
  const slots = new Map<string, number[]>();
  return async (key, signal) => {
    const times = slots.get(key) ?? [];
    slots.set(key, times);
    const oldest = times.length < limit ? 0 : (times[times.length - limit] ?? 0);
    const at = Math.max(now(), oldest + windowMs);
    times.push(at); // the place is taken before waiting: callers side by side get different ones
    if (times.length > 2 * limit) times.splice(0, times.length - limit);
    if (at > now()) await wait(at - now(), undefined, { signal });
  };
}
