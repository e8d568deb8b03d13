import * as fc from 'fast-check';

import { invalidTimestamps } from './invalid-timestamps.ts';
import { memberMutation, type AnyMutation } from './mutation.ts';
import { interleave } from './interleave.ts';
import { optionalTimestamps, validTimestamps } from '../arbitraries/timestamps.ts';

/** Texts that are not RFC 3339 date-times but that common validators accept. A service may accept or reject them. */
const lenient: Record<string, string> = {
  space: '2020-01-01 00:00:00Z',
  'offset-without-colon': '2020-01-01T00:00:00+0000',
  'offset-hours-only': '2020-01-01T00:00:00+00',
};

type DateTimeKind = 'reject' | 'accept' | 'either';

interface TimestampMutation {
  readonly name: string;
  readonly expectation: DateTimeKind;
  readonly value: string;
  /** The fingerprint class without the member. */
  readonly group: string;
}

function timestampMutation({ name, expectation, value, group }: TimestampMutation): AnyMutation {
  return memberMutation({
    operator: expectation === 'reject' ? `dt-${name}` : `dt-${expectation}-${name}`,
    member: 'timestamp',
    group,
    expectation,
    param: fc.constant(null),
    value: () => value,
  });
}

/** Invalid, valid and unspecified timestamps. */
export const dateTime: readonly AnyMutation[] = interleave(
  ...Object.entries(invalidTimestamps).map(([kind, values]) =>
    Object.entries(values).map(([name, value]) =>
      timestampMutation({ name, expectation: 'reject', value, group: `date-time-${kind}` }),
    ),
  ),
  Object.entries(validTimestamps).map(([name, value]) =>
    timestampMutation({ name, expectation: 'accept', value, group: 'valid' }),
  ),
  Object.entries(optionalTimestamps).map(([name, value]) =>
    timestampMutation({ name, expectation: 'accept', value, group: `optional-${name}` }),
  ),
  Object.entries(lenient).map(([name, value]) =>
    timestampMutation({ name, expectation: 'either', value, group: 'date-time' }),
  ),
);
