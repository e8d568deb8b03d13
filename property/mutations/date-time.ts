import * as fc from 'fast-check';

import { memberMutation, type AnyMutation, type Param } from './mutation.ts';
import { interleave } from './interleave.ts';
import { validTimestamps } from '../arbitraries/timestamps.ts';

/** Texts that are not RFC 3339 date-times, by the rule that they violate. */
const invalid: Record<string, fc.Arbitrary<string>> = {
  garbage: fc.constantFrom('now', 'yesterday', 'T', 'not a time'),
  empty: fc.constant(''),
  'no-zone': fc.constant('2020-01-01T00:00:00'),
  'date-only': fc.constant('2020-01-01'),
  'no-seconds': fc.constant('2020-01-01T00:00Z'),
  month: fc.constantFrom('2020-13-01T00:00:00Z', '2020-00-01T00:00:00Z'),
  day: fc.constantFrom('2020-01-32T00:00:00Z', '2020-01-00T00:00:00Z'),
  'day-of-month': fc.constantFrom('2020-04-31T00:00:00Z', '2020-06-31T00:00:00Z'),
  feb29: fc.constantFrom('2021-02-29T00:00:00Z', '1900-02-29T00:00:00Z'),
  hour: fc.constantFrom('2020-01-01T24:00:00Z', '2020-01-01T99:00:00Z'),
  minute: fc.constant('2020-01-01T00:60:00Z'),
  second: fc.constant('2020-01-01T00:00:61Z'),
  offset: fc.constant('2020-01-01T00:00:00+24:00'),
  'zone-name': fc.constant('2020-01-01T00:00:00 Europe/Berlin'),
  'comma-fraction': fc.constant('2020-01-01T00:00:00,5Z'),
  'bare-dot': fc.constant('2020-01-01T00:00:00.Z'),
  tab: fc.constant('2020-01-01\t00:00:00Z'),
  padded: fc.constantFrom(' 2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z '),
  'expanded-year': fc.constant('+002020-01-01T00:00:00Z'),
  'five-digit-year': fc.constant('12020-01-01T00:00:00Z'),
  basic: fc.constant('20200101T000000Z'),
  'epoch-string': fc.constantFrom('1577836800', '1577836800000'),
  rfc1123: fc.constant('Wed, 01 Jan 2020 00:00:00 GMT'),
  week: fc.constant('2020-W01-3T00:00:00Z'),
  'unicode-digits': fc.constant('\u0662\u0660\u0662\u0660-01-01T00:00:00Z'),
  'unicode-dash': fc.constant('2020\u201101\u201101T00:00:00Z'),
};

/** Texts that are not RFC 3339 date-times but that common validators accept. A service may accept or reject them. */
const lenient: Record<string, string> = {
  space: '2020-01-01 00:00:00Z',
  'offset-without-colon': '2020-01-01T00:00:00+0000',
  'offset-hours-only': '2020-01-01T00:00:00+00',
};

type DateTimeKind = 'reject' | 'accept' | 'either';

function timestampMutation(name: string, expectation: DateTimeKind, param: fc.Arbitrary<Param>): AnyMutation {
  const group = expectation === 'accept' ? 'valid' : 'date-time';
  const operator = expectation === 'reject' ? `dt-${name}` : `dt-${expectation}-${name}`;
  return memberMutation({
    operator,
    member: 'timestamp',
    group,
    expectation,
    param,
    value: (_, drawn) => drawn,
  });
}

/** Invalid, valid and unspecified timestamps. */
export const dateTime: readonly AnyMutation[] = interleave(
  Object.entries(invalid).map(([name, param]) => timestampMutation(name, 'reject', param)),
  Object.entries(validTimestamps).map(([name, value]) =>
    timestampMutation(name, 'accept', fc.constant(value)),
  ),
  Object.entries(lenient).map(([name, value]) => timestampMutation(name, 'either', fc.constant(value))),
);
