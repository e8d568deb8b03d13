import type { Expected, Shot } from '../scripts/experiments.ts';
import { percentile } from '../analysis/latency.ts';

/** A limiter that lets requests wait in line, as far as a burst shows it. */
export interface Queue {
  /** Requests that it lets go on in a second. */
  readonly perSecond: number;
  /** The longest wait, seconds. */
  readonly longest: number;
}

/** Of a burst that is sent much faster than is promised, each request waits nearly as long as one is served in; a share of that. */
const STEEP = 0.3;
/** What is slow by itself, or now and then, is no queue: the last wait so many times longer than the first. */
const LONGER = 10;
/** The rate at which requests go on, as a share of the promised one. */
const NEAR = [0.7, 1.3] as const;
const ENOUGH = 10;
const FIRST = 5;

/**
 * Does a limiter delay instead of refusing? Then each request of a burst takes longer than the one before.
 * @param cycle the first one, which begins with a burst from rest
 */
export function queueIn(cycle: readonly Shot[], { limit, window }: Expected): Queue | undefined {
  const served = cycle.filter(({ part, ok }) => part === 'burst' && ok).toSorted((a, b) => a.sent - b.sent);
  if (served.length < ENOUGH) return undefined;
  const took = served.map(({ sent, received }) => received - sent);
  const quick = percentile(took.slice(0, FIRST), 0.5);
  const isSteep = slopeOf(took) > (STEEP * window) / limit;
  if (!isSteep || percentile(took, 0.95) < LONGER * quick) return undefined;
  const received = served.map((shot) => shot.received);
  const span = Math.max(...received) - Math.min(...received);
  const perSecond = (served.length - 1) / span;
  const share = (perSecond * window) / limit;
  // At another rate it is the service that is slow, whatever its limiter does.
  return share < NEAR[0] || share > NEAR[1] ? undefined : { perSecond, longest: Math.max(...took) };
}

/** By how much a value exceeds the one before it, in the mean: least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [index, value] of values.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return above / below;
}
