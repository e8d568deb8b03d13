import type { Quota } from '../index.ts';

/** The estimated cost of a layer. */
export interface Cost {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  readonly durationMs: number;
}

export interface CostLimits {
  readonly requests: number | undefined;
  readonly durationMs: number | undefined;
}

/** Without a pace, a request takes about this long. */
const REQUEST_MS = 2;

/** The duration of a number of requests. */
export function pacedDuration(requests: number, pace: Quota | undefined): number {
  return pace === undefined ? requests * REQUEST_MS : Math.ceil(requests / pace.limit) * pace.windowMs;
}

/** The number of requests within limits; Infinity without limits. */
export function requestsWithin({ requests, durationMs }: CostLimits, pace: Quota | undefined): number {
  const inTime =
    durationMs === undefined || pace === undefined
      ? Infinity
      : Math.floor((durationMs / pace.windowMs) * pace.limit);
  return Math.min(requests ?? Infinity, inTime);
}
