import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyCell, type AnyCell, type Param } from './mutation.ts';

type Spoil = (text: string, param: Param) => string;

interface Operator {
  readonly group: string;
  readonly param?: fc.Arbitrary<Param>;
  readonly spoil: Spoil;
}

/** Puts a literal where the value of `body` was. */
const literal = (source: string): Operator => ({
  group: 'literal',
  spoil: (text) => text.replace('{}', () => `{"x":${source}}`),
});

const operators: Record<string, Operator> = {
  empty: { group: 'empty', spoil: () => '' },
  blank: {
    group: 'empty',
    param: fc.constantFrom(' ', '\n', '\t \r\n'),
    spoil: (_, param) => param as string,
  },
  truncated: {
    group: 'truncated',
    param: fc.integer({ min: 1, max: 99 }),
    spoil: (text, param) => text.slice(0, Math.max(1, Math.floor((text.length * Number(param)) / 100))),
  },
  'trailing-garbage': {
    group: 'garbage',
    param: fc.constantFrom('bla', ']', '}', '\0', '{}', 'null', '//'),
    spoil: (text, param) => text + (param as string),
  },
  'leading-garbage': {
    group: 'garbage',
    param: fc.constantFrom(")]}',\n", '\0', ','),
    spoil: (text, param) => (param as string) + text,
  },
  'trailing-comma': { group: 'json5', spoil: (text) => text.replace(/}$/, ',}') },
  'single-quotes': { group: 'json5', spoil: (text) => text.replaceAll('"', "'") },
  'unquoted-key': { group: 'json5', spoil: (text) => text.replace('"status"', 'status') },
  comment: { group: 'json5', spoil: (text) => text.replace('{', '{/* x */') },
  'missing-colon': { group: 'punctuation', spoil: (text) => text.replace('"status":', '"status" ') },
  'missing-comma': { group: 'punctuation', spoil: (text) => text.replace(',"status"', ' "status"') },
  nan: literal('NaN'),
  infinity: literal('Infinity'),
  'minus-infinity': literal('-Infinity'),
  undefined: literal('undefined'),
  'true-title': literal('True'),
  nil: literal('nil'),
  'leading-zero': literal('01'),
  'leading-plus': literal('+1'),
  'no-integer': literal('.5'),
  'no-fraction': literal('1.'),
  hex: literal('0x1F'),
  'no-exponent': literal('1e'),
  underscore: literal('1_000'),
  'double-minus': literal('--1'),
  'single-quoted': literal("'x'"),
  'hex-escape': literal('"\\x41"'),
  'short-escape': literal('"\\u12"'),
  'cut-surrogate': literal('"\\ud83"'),
  'unterminated-string': literal('"x'),
  'raw-tab': literal('"\t"'),
  'raw-newline': literal('"\n"'),
  'raw-nul': literal('"\0"'),
};

const syntax: AnyCell[] = Object.entries(operators).map(([name, { group, param, spoil }]) =>
  bodyCell({
    id: `${name}@json`,
    group: `${group}@json`,
    expectation: 'reject',
    breaks: { kind: 'syntax' },
    param: param ?? fc.constant(null),
    body: (base, drawn) => spoil(JSON.stringify(base), drawn),
  }),
);

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Bytes that are no UTF-8, put into a string value. */
const badBytes: Record<string, string> = {
  'lone-continuation': '\x80',
  overlong: '\xC0\xAF',
  'cesu-surrogate': '\xED\xA0\x80',
  'byte-ff': '\xFF',
  'cut-multibyte': '\xE2\x82',
  'above-10ffff': '\xF4\x90\x80\x80',
  latin1: 'caf\xE9',
};

const encodings: Record<string, (base: ManagedClientStatus) => Uint8Array> = {
  utf16le: (base) => Buffer.from(JSON.stringify(base), 'utf16le'),
  'gzip-unlabelled': (base) => gzipSync(JSON.stringify(base)),
  'form-encoded': () => latin1('status=NORMAL&type=CCG'),
  ...Object.fromEntries(
    Object.entries(badBytes).map(([name, bytes]) => [
      name,
      (base: ManagedClientStatus) => latin1(JSON.stringify(base).replace('{}', () => `{"x":"${bytes}"}`)),
    ]),
  ),
};

const encoding: AnyCell[] = Object.entries(encodings).map(([name, body]) =>
  bodyCell({
    id: `${name}@encoding`,
    group: `encoding@${name in badBytes ? 'utf8' : name}`,
    expectation: 'reject-encoding',
    breaks: { kind: 'syntax' },
    param: fc.constant(null),
    body,
    sent: (base) => Buffer.from(body(base)).toString('latin1'),
  }),
);

/** Bodies that are no JSON text. */
export const malformedJson: readonly AnyCell[] = [...syntax, ...encoding];
