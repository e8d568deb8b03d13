import { describe, expect, test } from '@jest/globals';

import { codes, type Code } from './codes.ts';
import { expectations, type Expectation, type ExpectedAnswer } from './expectations.ts';
import { judgeCases } from './judge.cases.ts';
import { judge } from './judge.ts';
import { describeFinding } from './messages/findings.ts';

describe('the judge', () => {
  test.each(judgeCases)(
    'judges $name: $codes $inconclusive',
    ({ exchange, intent, codes: expected, inconclusive }) => {
      const judgement = judge(exchange, intent);
      expect(judgement.violations.map(({ code }) => code).toSorted()).toEqual(expected.toSorted());
      expect(judgement.inconclusive.map(({ reason }) => reason)).toEqual(inconclusive);
    },
  );

  test.each<[Expectation, number]>([
    ['reject-media', 415],
    ['reject-encoding', 415],
    ['reject', 413],
    ['reject-id', 414],
  ])('does not report an expectation %s that is answered %d', (expectation, status) => {
    const { pass, tolerated }: ExpectedAnswer = expectations[expectation];
    expect([pass, tolerated].flat()).toContain(status);
  });

  test('has a case for every code that is about one exchange', () => {
    const elsewhere =
      /^(rate-limit\.(threshold|retry-after\.(early|late|receding)|recovery|key|headers|rejected-write)|request\.equivalent|state|load|contract|auth\.sporadic)/;
    const needed = (Object.keys(codes) as Code[]).filter((code) => !elsewhere.test(code));
    const seen = new Set(judgeCases.flatMap((row) => row.codes));
    expect(needed.filter((code) => !seen.has(code))).toEqual([]);
  });

  test('has texts for every violation of the cases', () => {
    for (const { exchange, intent } of judgeCases) {
      for (const { code, details } of judge(exchange, intent).violations) {
        expect(Object.values(describeFinding(code, details)).join(' ')).not.toMatch(/undefined|\[object/);
      }
    }
  });
});
