import { parseRetryAfter } from '../../core/index.ts';
import { DATE_SLACK_MS } from '../scripts/answer.ts';
import { isOwn } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';

/** When a 429 promised to serve again. Times are milliseconds since the epoch, on the clock of the sender. */
export interface Promised {
  /** The promise counts from somewhere between sending and receiving. */
  readonly from: number;
  readonly until: number;
  readonly seconds: number;
  readonly line: Refusal;
  /** Known to the second only, as the Date that it counts from. */
  readonly isDate: boolean;
}

/** What of an answer a promise is read from. */
export type Refusal = Pick<TraceLine, 'status' | 'retryAfter' | 'date' | 'sentAt' | 'receivedAt'>;

/** A promise of so many windows is no window any more. */
export const ESCALATION = 3;

/** What a 429 promised, undefined where it promised nothing that a client could act on. */
export function promiseOf(line: Refusal): Promised | undefined {
  if (line.status !== 429 || line.retryAfter === null) return undefined;
  const parsed = parseRetryAfter(line.retryAfter, line.date ?? undefined);
  if (parsed?.seconds === undefined || parsed.seconds <= 0) return undefined;
  const slack = parsed.form === 'date' ? DATE_SLACK_MS : 0;
  const waitMs = parsed.seconds * 1000;
  return {
    from: line.sentAt + waitMs - slack,
    until: line.receivedAt + waitMs + slack,
    seconds: parsed.seconds,
    line,
    isDate: parsed.form === 'date',
  };
}

/** What refusals promised, those left out that promised nothing. */
export function promisesOf(lines: readonly Refusal[]): Promised[] {
  return lines.map(promiseOf).filter((promise) => promise !== undefined);
}

/**
 * The refusals whose promises stand: no place was taken since, and nobody knows of an answer that is no 429 whether it took
 * one. Where answers overtook each other, all of them.
 */
export function standing(lines: readonly TraceLine[]): TraceLine[] {
  const own = lines.filter(isOwn);
  const served = Math.max(...own.filter(({ status }) => status !== 429).map(({ receivedAt }) => receivedAt));
  const refused = own.filter(({ status }) => status === 429);
  const since = refused.filter(({ sentAt }) => sentAt >= served);
  if (since.length > 0) return since;
  const last = Math.max(...refused.map(({ receivedAt }) => receivedAt));
  const isOver = own.some(({ status, sentAt }) => status !== 429 && sentAt > last);
  return isOver ? [] : refused;
}

/**
 * The promise that a client acts on: that of its last refusal. Where several were under way at once, nobody knows which was
 * decided last, and the one counts that ends last.
 */
export function latestPromise(lines: readonly TraceLine[]): Promised | undefined {
  const promises = promisesOf(lines);
  const last = Math.max(...promises.map(({ line }) => line.sentAt));
  const atOnce = promises.filter(({ line }) => line.receivedAt >= last);
  return atOnce.toSorted((a, b) => b.until - a.until)[0];
}
