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

/** An answer as a line of the trace has it. */
interface Written {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly date: string | null;
}

export function answerIn({ status, retryAfter, date }: Written): Answer {
  return { status, retryAfter: retryAfter ?? undefined, date: date ?? undefined };
}

/** How long an answer asks to wait; undefined where it says nothing of it. */
export function toldBy({ retryAfter, date }: Answer): RetryAfter | undefined {
  return retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, date);
}
