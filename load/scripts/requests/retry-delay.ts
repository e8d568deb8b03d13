import { parseRetryAfter } from '../../../core/index.ts';
import {
  RETRY_AFTER_ROUNDING_MS,
  DEFAULT_RETRY_WAIT_MS,
  MAX_WAIT_WINDOWS,
  WAIT_MARGIN_MS,
} from '../../timing.ts';
import type { LimiterExchange } from '../trace.ts';

/** The wait that Retry-After announces. */
export interface RetryDelay {
  readonly ms: number;
  /** The rounding error: a date and the Date header are rounded to seconds. */
  readonly errorMs: number;
  readonly isDate: boolean;
}

/** @returns undefined without a Retry-After that can be converted to a duration */
export function retryDelayOf({
  retryAfter,
  date,
}: Pick<LimiterExchange, 'retryAfter' | 'date'>): RetryDelay | undefined {
  const parsed = retryAfter === null ? undefined : parseRetryAfter(retryAfter, date ?? undefined);
  if (parsed?.seconds === undefined) return undefined;
  const isDate = parsed.form === 'date';
  return { ms: 1000 * parsed.seconds, errorMs: isDate ? RETRY_AFTER_ROUNDING_MS : 0, isDate };
}

/**
 * The milliseconds until a throttled request may be sent again, at most `MAX_WAIT_WINDOWS`.
 * @param defaultMs the wait without a usable Retry-After
 */
export function waitMs(
  exchange: LimiterExchange,
  windowMs: number,
  defaultMs = DEFAULT_RETRY_WAIT_MS,
): number {
  const delay = retryDelayOf(exchange);
  const announced = delay === undefined ? defaultMs : delay.ms + delay.errorMs;
  return Math.min(Math.max(announced, 0), MAX_WAIT_WINDOWS * windowMs) + WAIT_MARGIN_MS;
}
