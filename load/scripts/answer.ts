import { parseRetryAfter, type RetryAfter } from '../../core/index.ts';

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

/** Nobody waits for longer, in windows: what promises more is asked before. */
export const LONGEST_WINDOWS = 3;
/** Sleeping and sending take a moment; the promise is over before a request leaves. */
export const MARGIN_MS = 20;
/** A date is cut to whole seconds, as is the Date that it counts from. */
export const DATE_SLACK_MS = 1000;

/** Milliseconds that a refusal asks to wait. @param otherwiseMs where it says nothing of it */
export function pauseMs(answer: Answer, windowMs: number, otherwiseMs = 1000): number {
  const told = toldBy(answer);
  const slackMs = told?.form === 'date' ? DATE_SLACK_MS : 0;
  const saidMs = told?.seconds === undefined ? otherwiseMs : 1000 * told.seconds + slackMs;
  return Math.min(Math.max(saidMs, 0), LONGEST_WINDOWS * windowMs) + MARGIN_MS;
}

/** How long an answer asks to wait; undefined where it says nothing of it. */
export function toldBy({ retryAfter, date }: Answer): RetryAfter | undefined {
  return retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, date);
}
