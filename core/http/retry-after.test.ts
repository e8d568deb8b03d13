import { expect, test } from '@jest/globals';

import { parseRetryAfter } from './retry-after.ts';

const DATE = 'Sat, 21 Nov 2026 07:00:00 GMT';

test.each([
  ['10', { form: 'seconds', seconds: 10 }],
  ['007', { form: 'seconds', seconds: 7 }],
  ['0', { form: 'seconds', seconds: 0 }],
  ['Sat, 21 Nov 2026 07:00:30 GMT', { form: 'date', seconds: 30 }],
  ['Sat, 21 Nov 2026 06:59:50 GMT', { form: 'date', seconds: -10 }],
])('parses %p', (value, expected) => {
  expect(parseRetryAfter(value, DATE)).toEqual(expected);
});

test.each([
  ['-1', 'a sign'],
  ['+5', 'a sign'],
  ['1.5', 'a fraction'],
  ['1e3', 'an exponent'],
  ['5s', 'a unit'],
  ['', 'nothing'],
  ['5, 7', 'two values'],
  ['PT5S', 'an ISO 8601 duration'],
  ['Sat, 21 nov 2026 07:00:30 GMT', 'a month in lower case'],
  ['Sat, 21 Nov 2026 07:00:30 UTC', 'another zone'],
  ['Saturday, 21-Nov-26 07:00:30 GMT', 'an RFC 850 date'],
])('rejects %p: %s', (value) => {
  expect(parseRetryAfter(value, DATE)).toBeUndefined();
});

test('does not convert a date without a Date header', () => {
  expect(parseRetryAfter(DATE, undefined)).toEqual({ form: 'date', seconds: undefined });
});
