import { parseRetryAfter, type RetryAfter } from '../../contracts/index.ts';

/** What of an answer decides on what is sent next. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
}

/** The same, and whether it came over a connection that was opened for it. */
export interface DialledAnswer extends Answer {
  readonly isDialled: boolean;
}

/** How long an answer asks to wait; undefined where it says nothing of it. */
export function toldBy({ retryAfter, date }: Answer): RetryAfter | undefined {
  return retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, date);
}
