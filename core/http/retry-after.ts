import { parseHttpDate } from './http-date.ts';

/**
 * What a Retry-After value says (RFC 9110 §10.2.3), as seconds from the response.
 * A date counts from the response's own Date header: the sender's clock may be off.
 */
export type RetryAfter =
  | { readonly form: 'seconds'; readonly seconds: number }
  | { readonly form: 'date'; readonly seconds: number | undefined };

const DELTA_SECONDS = /^[0-9]+$/;

/**
 * @param value the field value, one line
 * @param date the Date header of the same response, if it had one
 * @returns undefined where the value is neither delta-seconds nor an IMF-fixdate;
 *   `seconds` is undefined where a date came without a Date to count from
 */
export function parseRetryAfter(value: string, date: string | undefined): RetryAfter | undefined {
  if (DELTA_SECONDS.test(value)) return { form: 'seconds', seconds: Number(value) };
  const until = parseHttpDate(value);
  if (until === undefined) return undefined;
  const from = date === undefined ? undefined : parseHttpDate(date);
  return { form: 'date', seconds: from === undefined ? undefined : (until - from) / 1000 };
}
