import { expect, test } from '@jest/globals';

import { parseWithExactNumbers } from '../../http/exact-number.ts';
import { changesIn } from './changes.ts';

const found = (sent: string, got: string): string[] =>
  changesIn(parseWithExactNumbers(sent), parseWithExactNumbers(got), '').map(
    ({ site, kind }) => `${kind} ${site}`,
  );

test.each([
  ['1.0', '1'],
  ['-0', '0'],
  ['1E+2', '100'],
  ['0.10', '1e-1'],
  ['12345678901234567890', '12345678901234567890.0'],
  ['5e-324', '4.9E-324'],
  ['{"a":1}', '{"b":2,"a":1}'],
  ['{"__proto__":1}', '{"__proto__":1}'],
  ['[1,[null,true,"é"]]', '[1,[null,true,"\\u00e9"]]'],
])('%s equals %s', (sent, got) => {
  expect(found(sent, got)).toEqual([]);
});

test.each([
  ['9007199254740993', '9007199254740992', 'precision '],
  ['12345678901234567890', '12345678901234567000', 'precision '],
  ['0.10000000000000001', '0.1', 'precision '],
  ['1', '2', 'number '],
  ['1', '"1"', 'type '],
  ['1e400', 'null', 'type '],
  ['null', '0', 'type '],
  ['true', '1', 'type '],
  ['{}', '[]', 'type '],
  ['{}', '1', 'type '],
  ['[1,2]', '[1]', 'array-length '],
  ['[1,2,3]', '[3,1,2]', 'array-order '],
  ['[1,2]', '[1,3]', 'number /1'],
  ['{"a":{"b":null}}', '{"a":{}}', 'missing /a/b'],
  ['{"__proto__":1}', '{}', 'missing /__proto__'],
  ['"e\\u0301"', '"\\u00e9"', 'normalised '],
  ['"\\ufb01"', '"fi"', 'normalised '],
  ['" a "', '"a"', 'trimmed '],
  ['"abcdef"', '"abc"', 'truncated '],
  ['"a\\u0000b"', '"ab"', 'stripped '],
  ['"aBc"', '"abc"', 'case '],
  ['"😀"', '"\ufffd"', 'replaced '],
  ['"<b>"', '"&lt;b&gt;"', 'escaped '],
  ['"a"', '"b"', 'text '],
])('%s becomes %s: %s', (sent, got, kind) => {
  expect(found(sent, got)).toEqual([kind]);
});
