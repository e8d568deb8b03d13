import * as fc from 'fast-check';

import { type ManagedClientStatus, reportMembers, type ReportMember } from '../../core/index.ts';
import { bodyMutation, type AnyMutation } from './mutation.ts';

type Rewrite = (text: string) => string;

const none = fc.constant(null);

/** Replaces the value of `body` by an object with a literal as written. */
const literal =
  (source: string): Rewrite =>
  (text) =>
    text.replace('{}', () => `{"x":${source}}`);

/** Valid JSON texts (RFC 8259) that services often handle incorrectly. */
const validTexts: Record<
  string,
  { readonly group: string; readonly write: Rewrite; readonly isHeavy?: true }
> = {
  'number-2-53-1': { group: 'number', write: literal('9007199254740993') },
  'number-int64-max': { group: 'number', write: literal('9223372036854775807') },
  'number-int64-max-1': { group: 'number', write: literal('9223372036854775808') },
  'number-uint64-max': { group: 'number', write: literal('18446744073709551615') },
  'number-minus-zero': { group: 'number', write: literal('-0') },
  'number-minus-zero-point': { group: 'number', write: literal('-0.0') },
  'number-one-point-zero': { group: 'number', write: literal('1.0') },
  'number-exponent': { group: 'number', write: literal('1E+2') },
  'number-smallest': { group: 'number', write: literal('5e-324') },
  'number-largest': { group: 'number', write: literal('1.7976931348623157e308') },
  'number-digits': { group: 'number', write: literal('0.10000000000000001') },
  'escaped-ascii': {
    group: 'escape',
    write: (text) => text.replace('"NORMAL"', String.raw`"\u004eORMAL"`),
  },
  'escaped-astral': { group: 'escape', write: literal(String.raw`"\ud83d\ude00"`) },
  'escaped-nul': { group: 'escape', write: literal(String.raw`"\u0000"`) },
  'escaped-keys': { group: 'escape', write: (text) => text.replace('"status"', String.raw`"\u0073tatus"`) },
  whitespace: { group: 'layout', write: (text) => `\r\n${JSON.stringify(JSON.parse(text), null, '\t ')}\n` },
  'key-order': { group: 'layout', write: reversed },
  'depth-50': { group: 'size', write: literal(nested('[', ']', 50)) },
  'string-70k': { group: 'size', write: literal(`"${'x'.repeat(70_000)}"`), isHeavy: true },
  'empty-body': { group: 'size', write: (text) => text },
  'wide-body': { group: 'size', write: (text) => text.replace('{}', () => wide(2000)) },
};

/** JSON texts whose effect depends on the implementation (JSONTestSuite). Only a crash is a finding. */
const unspecifiedTexts: Record<
  string,
  { readonly group: string; readonly write: Rewrite; readonly isHeavy?: true }
> = {
  bom: { group: 'bom', write: (text) => `\uFEFF${text}` },
  ...duplicates(),
  'lone-high-surrogate': { group: 'surrogate', write: literal(String.raw`"\ud83d"`) },
  'lone-low-surrogate': { group: 'surrogate', write: literal(String.raw`"\ude00"`) },
  'number-1e400': { group: 'number', write: literal('1e400') },
  'number-1e-400': { group: 'number', write: literal('1e-400') },
  'number-400-digits': { group: 'number', write: literal('9'.repeat(400)) },
  'deep-array-1000': { group: 'deep', write: literal(nested('[', ']', 1000)), isHeavy: true },
  'deep-object-1000': { group: 'deep', write: literal(nested('{"a":', '}', 1000, '1')), isHeavy: true },
  'deep-array-20000': { group: 'deep', write: literal(nested('[', ']', 20_000)), isHeavy: true },
  'string-1-mib': { group: 'size', write: literal(`"${'x'.repeat(2 ** 20)}"`), isHeavy: true },
};

function nested(open: string, close: string, depth: number, inner = ''): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

function wide(count: number): string {
  return `{${Array.from({ length: count }, (_, index) => `"key${index}":${index}`).join(',')}}`;
}

function reversed(text: string): string {
  const report = JSON.parse(text) as ManagedClientStatus;
  return JSON.stringify(Object.fromEntries(Object.entries(report).toReversed()));
}

/** Duplicate members. RFC 8259 §4 does not specify which one counts. */
function duplicates(): Record<string, { group: string; write: Rewrite }> {
  const invalid = '"\u0001"';
  const ways: Record<string, (text: string, member: ReportMember, value: string) => string> = {
    same: (text, member, value) => text.replace(/}$/, () => `,"${member}":${value}}`),
    'bad-first': (text, member) => text.replace('{', () => `{"${member}":${JSON.stringify(invalid)},`),
    'bad-last': (text, member) => text.replace(/}$/, () => `,"${member}":${JSON.stringify(invalid)}}`),
  };
  const entries = Object.entries(ways).flatMap(([way, write]) =>
    reportMembers.map((member) => [
      `duplicate-${way}-${member}`,
      {
        group: 'duplicate',
        write: (text: string) => {
          const value = (JSON.parse(text) as Record<string, unknown>)[member];
          return write(text, member, JSON.stringify(value));
        },
      },
    ]),
  );
  return Object.fromEntries(entries) as Record<string, { group: string; write: Rewrite }>;
}

function mutationsOf(texts: typeof validTexts, expectation: 'accept' | 'either'): AnyMutation[] {
  return Object.entries(texts).map(([name, { group, write, isHeavy }]) =>
    bodyMutation({
      name: `${name}@wire`,
      fingerprintClass: `${group}@wire`,
      expectation,
      effect: { kind: expectation === 'accept' ? 'valid' : 'unchecked' },
      param: none,
      body: (report) => write(JSON.stringify(report)),
      ...(isHeavy && { isHeavy }),
    }),
  );
}

/** Reports in unusual JSON. */
export const wire: readonly AnyMutation[] = [
  ...mutationsOf(validTexts, 'accept'),
  ...mutationsOf(unspecifiedTexts, 'either'),
];
