import { parseHttpDate } from './http-date.ts';

/**
 * A Retry-After value (RFC 9110 §10.2.3) as seconds after the response.
 * A date is relative to the Date header of the same response, because the clocks of client and server may differ.
 */
export type RetryAfter =
  | { readonly form: 'seconds'; readonly seconds: number }
  | { readonly form: 'date'; readonly seconds: number | undefined };

const DELTA_SECONDS = /^[0-9]+$/;

/**
 * Parses a Retry-After value.
 * @param value the value of one header line
 * @param date the Date header of the same response, if there is one
 * @returns undefined if the value is neither delta-seconds nor an IMF-fixdate;
 *   `seconds` is undefined for a date without a Date header
 */
export function parseRetryAfter(value: string, date: string | undefined): RetryAfter | undefined {
  if (DELTA_SECONDS.test(value)) return { form: 'seconds', seconds: Number(value) };
  const until = parseHttpDate(value);
  if (until === undefined) return undefined;
  const from = date === undefined ? undefined : parseHttpDate(date);
  return { form: 'date', seconds: from === undefined ? undefined : (until - from) / 1000 };
}
