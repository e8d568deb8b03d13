import { describe as group, expect, test } from '@jest/globals';

import { codes, type Code } from './codes.ts';
import { describe } from './messages/findings.ts';
import { judge } from './judge.ts';
import { judgeCases } from './judge.cases.ts';

group('the judge', () => {
  test.each(judgeCases)('says of $name: $codes $doubts', ({ exchange, asked, codes: expected, doubts }) => {
    const judgement = judge(exchange, asked);
    expect(judgement.violations.map(({ code }) => code).toSorted()).toEqual(expected.toSorted());
    expect(judgement.doubts.map(({ code }) => code)).toEqual(doubts);
  });

  test('has a case for every code that one exchange can show', () => {
    const elsewhere =
      /^(rate-limit\.(threshold|retry-after\.(early|late|receding)|recovery|key|headers|rejected-write)|request\.equivalent|state|load|contract|auth\.sporadic)/;
    const needed = (Object.keys(codes) as Code[]).filter((code) => !elsewhere.test(code));
    const seen = new Set(judgeCases.flatMap((row) => row.codes));
    expect(needed.filter((code) => !seen.has(code))).toEqual([]);
  });

  test('has words for every violation of the cases', () => {
    for (const { exchange, asked } of judgeCases) {
      for (const { code, details } of judge(exchange, asked).violations) {
        expect(Object.values(describe(code, details)).join(' ')).not.toMatch(/undefined|\[object/);
      }
    }
  });
});
