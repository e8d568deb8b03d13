/** Valid RFC 3339 timestamps that parsers often reject. */
export const validTimestamps = {
  'fraction-1': '2020-01-01T00:00:00.5Z',
  'fraction-3': '2020-01-01T00:00:00.123Z',
  'fraction-6': '2020-01-01T00:00:00.123456Z',
  'fraction-9': '2020-01-01T00:00:00.123456789Z',
  'offset-zero': '2020-01-01T00:00:00+00:00',
  'offset-minus-zero': '2020-01-01T00:00:00-00:00',
  'offset-plus-14': '2020-01-01T00:00:00+14:00',
  'offset-minus-12': '2020-01-01T00:00:00-12:00',
  'offset-half-hour': '2020-01-01T00:00:00+05:30',
  feb29: '2020-02-29T00:00:00Z',
  'year-9999': '9999-12-31T23:59:59Z',
  'year-0001': '0001-01-01T00:00:00Z',
  'year-1969': '1969-12-31T23:59:59Z',
  'year-2038': '2038-01-19T03:14:08Z',
} as const satisfies Readonly<Record<string, string>>;

/**
 * Valid RFC 3339 timestamps that an implementation may reject: section 5.6 permits it for lower case, and platforms have no
 * leap seconds and a limited precision. No SDK of the API sends them.
 */
export const optionalTimestamps = {
  'lower-z': '2020-01-01T00:00:00z',
  'lower-t': '2020-01-01t00:00:00Z',
  'leap-second': '2016-12-31T23:59:60Z',
  'fraction-12': '2020-01-01T00:00:00.123456789012Z',
  'year-0000': '0000-01-01T00:00:00Z',
} as const satisfies Readonly<Record<string, string>>;

/** Valid timestamps that services often change when they store them. */
export const storedTimestamps = {
  'fraction-1': '2020-01-01T00:00:00.5Z',
  milliseconds: '2020-06-15T12:34:56.789Z',
  microseconds: '2020-06-15T12:34:56.123456Z',
  'microseconds-up': '2020-06-15T12:34:56.999999Z',
  'small-fraction': '2020-06-15T12:34:56.000001Z',
  'half-millisecond': '2020-06-15T12:34:56.0005Z',
  nanoseconds: '2020-06-15T12:34:56.123456789Z',
  'offset-east': '2020-06-15T12:34:56+02:00',
  'offset-west': '2020-06-15T12:34:56-07:00',
  'offset-half-hour': '2020-06-15T12:34:56+05:30',
  'offset-quarter': '2020-06-15T12:34:56+05:45',
  'offset-negative-half-hour': '2020-06-15T12:34:56-03:30',
  'offset-other-day': '2020-01-01T00:30:00+14:00',
  'offset-minus-minutes': '2020-06-15T12:34:56-00:30',
  'offset-with-fraction': '2020-06-15T12:34:56.123456+02:00',
  'year-1900': '1900-01-01T00:00:00Z',
  'year-1969': '1969-12-31T23:59:59.5Z',
  epoch: '1970-01-01T00:00:00Z',
  'year-2038': '2038-01-19T03:14:08Z',
  'year-2106': '2106-02-07T06:28:16Z',
  'year-2262': '2262-04-12T00:00:00Z',
  'feb-29': '2020-02-29T12:00:00Z',
  'skipped-hour': '2021-03-28T02:30:00+01:00',
  'skipped-hour-in-utc': '2021-03-28T02:30:00Z',
  'repeated-hour': '2021-10-31T01:30:00Z',
  'american-skipped-hour': '2021-03-14T02:30:00-05:00',
  'american-repeated-hour': '2021-11-07T01:30:00-05:00',
  'last-second': '2020-12-31T23:59:59.999999Z',
} as const satisfies Readonly<Record<string, string>>;
