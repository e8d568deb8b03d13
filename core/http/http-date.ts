const IMF_FIXDATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Parses an IMF-fixdate (RFC 9110 §5.6.7).
 * The grammar is checked first, because `Date.parse('5')` succeeds in every engine.
 * @returns milliseconds since the epoch, or undefined for any other text
 */
export function parseHttpDate(value: string): number | undefined {
  if (!IMF_FIXDATE.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
