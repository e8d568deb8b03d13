import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyMutation, type AnyMutation, type Param } from './mutation.ts';

type Damage = (text: string, param: Param) => string;

interface JsonOperator {
  readonly group: string;
  readonly param?: fc.Arbitrary<Param>;
  readonly damage: Damage;
}

/** Replaces the value of `body` by an object with a literal. */
const literal = (source: string): JsonOperator => ({
  group: 'literal',
  damage: (text) => text.replace('{}', () => `{"x":${source}}`),
});

const operators: Record<string, JsonOperator> = {
  empty: { group: 'empty', damage: () => '' },
  blank: {
    group: 'empty',
    param: fc.constantFrom(' ', '\n', '\t \r\n'),
    damage: (_, param) => param as string,
  },
  truncated: {
    group: 'truncated',
    param: fc.integer({ min: 1, max: 99 }),
    damage: (text, param) => text.slice(0, Math.max(1, Math.floor((text.length * Number(param)) / 100))),
  },
  'trailing-garbage': {
    group: 'garbage',
    param: fc.constantFrom('bla', ']', '}', '\0', '{}', 'null', '//'),
    damage: (text, param) => text + (param as string),
  },
  'leading-garbage': {
    group: 'garbage',
    param: fc.constantFrom(")]}',\n", '\0', ','),
    damage: (text, param) => (param as string) + text,
  },
  'trailing-comma': { group: 'json5', damage: (text) => text.replace(/}$/, ',}') },
  'single-quotes': { group: 'json5', damage: (text) => text.replaceAll('"', "'") },
  'unquoted-key': { group: 'json5', damage: (text) => text.replace('"status"', 'status') },
  comment: { group: 'json5', damage: (text) => text.replace('{', '{/* x */') },
  'missing-colon': { group: 'punctuation', damage: (text) => text.replace('"status":', '"status" ') },
  'missing-comma': { group: 'punctuation', damage: (text) => text.replace(',"status"', ' "status"') },
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

const syntax: AnyMutation[] = Object.entries(operators).map(([name, { group, param, damage }]) =>
  bodyMutation({
    name: `${name}@json`,
    fingerprintClass: `${group}@json`,
    expectation: 'reject',
    effect: { kind: 'syntax-error' },
    param: param ?? fc.constant(null),
    body: (report, drawn) => damage(JSON.stringify(report), drawn),
  }),
);

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Bytes that are not UTF-8, inside a string. */
const invalidBytes: Record<string, string> = {
  'lone-continuation': '\x80',
  overlong: '\xC0\xAF',
  'cesu-surrogate': '\xED\xA0\x80',
  'byte-ff': '\xFF',
  'cut-multibyte': '\xE2\x82',
  'above-10ffff': '\xF4\x90\x80\x80',
  latin1: 'caf\xE9',
};

const encodings: Record<string, (report: ManagedClientStatus) => Uint8Array> = {
  utf16le: (report) => Buffer.from(JSON.stringify(report), 'utf16le'),
  'gzip-unlabelled': (report) => gzipSync(JSON.stringify(report)),
  'form-encoded': () => latin1('status=NORMAL&type=CCG'),
  ...Object.fromEntries(
    Object.entries(invalidBytes).map(([name, bytes]) => [
      name,
      (report: ManagedClientStatus) => latin1(JSON.stringify(report).replace('{}', () => `{"x":"${bytes}"}`)),
    ]),
  ),
};

const encoding: AnyMutation[] = Object.entries(encodings).map(([name, body]) =>
  bodyMutation({
    name: `${name}@encoding`,
    fingerprintClass: `encoding@${name in invalidBytes ? 'utf8' : name}`,
    expectation: 'reject-encoding',
    effect: { kind: 'syntax-error' },
    param: fc.constant(null),
    body,
    after: (report) => Buffer.from(body(report)).toString('latin1'),
  }),
);

/** Bodies that are not JSON text. */
export const malformedJson: readonly AnyMutation[] = [...syntax, ...encoding];
