import { expect, test } from '@jest/globals';

import { readJson } from './read-body.ts';

const bytes = (text: string) => ({ kind: 'bytes', bytes: Buffer.from(text, 'latin1') }) as const;

test.each([
  ['bytes', bytes('{"a":1}'), { kind: 'value', value: { a: 1 }, replaced: false }],
  ['text', { kind: 'text', text: 'null' } as const, { kind: 'value', value: null, replaced: false }],
  [
    'text with bytes that k6 replaced',
    { kind: 'text', text: '"\uFFFD"' } as const,
    { kind: 'value', value: '\uFFFD', replaced: true },
  ],
  ['no body', { kind: 'none' } as const, { kind: 'unreadable', why: 'empty' }],
  ['a blank body', bytes(' \n'), { kind: 'unreadable', why: 'empty' }],
  ['a byte order mark', bytes('\xEF\xBB\xBF{}'), { kind: 'unreadable', why: 'byte-order-mark' }],
  ['bytes that are not UTF-8', bytes('"\xFF"'), { kind: 'unreadable', why: 'not-utf8' }],
  ['two documents', bytes('{} {}'), { kind: 'unreadable', why: 'syntax' }],
])('reads %s', (_, body, expected) => {
  expect(readJson(body)).toEqual(expected);
});
