import * as fc from 'fast-check';

const YEAR_0001 = new Date('0001-01-01T00:00:00.000Z');
const YEAR_9999 = new Date('9999-12-31T23:59:59.999Z');

/** RFC 3339 date-times in UTC with milliseconds. The unmapper makes stored values shrinkable. */
export function timestamp(): fc.Arbitrary<string> {
  return fc.date({ min: YEAR_0001, max: YEAR_9999, noInvalidDate: true }).map(
    (date) => date.toISOString(),
    (text) => {
      if (typeof text !== 'string' || Number.isNaN(Date.parse(text))) throw new Error('not a timestamp');
      return new Date(text);
    },
  );
}
