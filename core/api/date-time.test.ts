import { expect, test } from '@jest/globals';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import * as fc from 'fast-check';

import { isDateTime } from './date-time.ts';

const oracle = fullFormats['date-time'] as { validate(text: string): boolean };

/** Texts near a valid date-time, most of them valid in one or two parts only. */
const nearDateTime = fc
  .tuple(
    fc.constantFrom('0000', '1900', '2000', '2023', '2024', '9999', '999', '02024'),
    fc.constantFrom('00', '01', '02', '04', '12', '13', '2'),
    fc.constantFrom('00', '01', '28', '29', '30', '31', '32', '1'),
    fc.constantFrom('T', 't', ' ', '', 'x'),
    fc.constantFrom('00', '12', '22', '23', '24', '-1'),
    fc.constantFrom('00', '29', '59', '60'),
    fc.constantFrom('00', '59', '60', '60.5', '61', '59.123456789', '5', '00.'),
    fc.constantFrom(
      'Z',
      'z',
      '',
      '+00:00',
      '-01:00',
      '+05:30',
      '+0530',
      '+02',
      '-23:59',
      '+24:00',
      '+01:60',
      '01:00',
    ),
  )
  .map(([year, month, day, separator, hour, minute, second, zone]) => {
    return `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${zone}`;
  });

test('agrees with ajv-formats', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: nearDateTime }, fc.string()), (text) => {
      expect([text, isDateTime(text)]).toEqual([text, oracle.validate(text)]);
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

test.each(['2024-01-01\t00:00:00Z', '2024-01-01\n00:00:00Z', '2024-01-01\u00A000:00:00Z'])(
  'rejects white space other than a space: %j',
  (text) => {
    expect([isDateTime(text), oracle.validate(text)]).toEqual([false, true]);
  },
);

test.each([
  ['2016-12-31T23:59:60Z', true],
  ['2017-01-01T00:59:60+01:00', true],
  ['2016-12-31T22:59:60Z', false],
])('a leap second: %s', (text, isValid) => {
  expect(isDateTime(text)).toBe(isValid);
});
