import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { schemaErrors } from '../core/index.ts';
import {
  aggResponse,
  errorResponse,
  managedClientStatus,
  tooManyRequestsResponse,
  unauthorizedResponse,
} from './generators.ts';

const RUNS = 2000;
const drawn = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { seed: 5, numRuns: RUNS });

describe('every value matches its schema', () => {
  test.each([
    ['ManagedClientStatus', managedClientStatus()],
    ['ManagedClientStatusAggResponse', aggResponse()],
    ['ErrorResponseDto', errorResponse()],
    ['Unauthorized', unauthorizedResponse()],
    ['TooManyRequests', tooManyRequestsResponse()],
  ] as const)('%s', (schema, arbitrary) => {
    for (const value of drawn<unknown>(arbitrary)) {
      expect(schemaErrors(schema, JSON.parse(JSON.stringify(value)))).toEqual([]);
    }
  });
});

/** Rare values find no defects. Each of these occurs at least once in a hundred draws. */
describe('every kind of value is frequent enough', () => {
  const reports = drawn(managedClientStatus());
  const share = (holds: (text: string) => boolean): number =>
    reports.filter((report) => holds(JSON.stringify(report))).length / RUNS;

  test.each<[string, (text: string) => boolean]>([
    ['status NOT_CONFIGURED', (text) => text.includes('"NOT_CONFIGURED"')],
    ['type null', (text) => text.includes('"type":null')],
    ['type IIQ_HARVESTER', (text) => text.includes('"IIQ_HARVESTER"')],
    ['an empty body', (text) => text.includes('"body":{}')],
    ['a null member', (text) => /:null[,}].*"status"/.test(text)],
    ['an object in an object', (text) => /"body":\{.*\{.*\}.*"status"/.test(text)],
    ['an array', (text) => /"body":\{.*\[.*"status"/.test(text)],
    ['a fraction', (text) => /"body":\{.*:-?\d+\.\d.*"status"/.test(text)],
    ['a character beyond ASCII', (text) => /[^ -~]/.test(text)],
    ['a control character', (text) => /\\u00[01]/.test(text)],
    ['__proto__', (text) => text.includes('__proto__')],
    ['markup', (text) => text.includes('<script>')],
    ['an offset', (text) => /"timestamp":"[^"]*[+-]\d\d:\d\d"/.test(text)],
    ['more than three digits of a second', (text) => /"timestamp":"[^"]*\.\d{4,}/.test(text)],
  ])('%s', (_, holds) => {
    expect(share(holds)).toBeGreaterThanOrEqual(0.01);
  });
});

test('stored reports can be shrunk', () => {
  for (const report of drawn(managedClientStatus()).slice(0, 300)) {
    expect(managedClientStatus().canShrinkWithoutContext(report)).toBe(true);
  }
});
