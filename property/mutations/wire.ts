import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyCell, members, type AnyCell, type Member } from './mutation.ts';

type Write = (text: string) => string;

const none = fc.constant(null);

/** Puts a literal, as it is written, where the free object is. */
const literal =
  (source: string): Write =>
  (text) =>
    text.replace('{}', () => `{"x":${source}}`);

/** As JSON stands, every number, escape and order is right (RFC 8259): services that compute with them stumble. */
const rightOnes: Record<string, { readonly group: string; readonly write: Write; readonly heavy?: true }> = {
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
  'string-70k': { group: 'size', write: literal(`"${'x'.repeat(70_000)}"`), heavy: true },
  'empty-body': { group: 'size', write: (text) => text },
  'wide-body': { group: 'size', write: (text) => text.replace('{}', () => wide(2000)) },
};

/** What JSON leaves to the parser (JSONTestSuite calls it implementation-defined): only a crash is a finding. */
const unclearOnes: Record<string, { readonly group: string; readonly write: Write; readonly heavy?: true }> =
  {
    bom: { group: 'bom', write: (text) => `\uFEFF${text}` },
    ...duplicates(),
    'lone-high-surrogate': { group: 'surrogate', write: literal(String.raw`"\ud83d"`) },
    'lone-low-surrogate': { group: 'surrogate', write: literal(String.raw`"\ude00"`) },
    'number-1e400': { group: 'number', write: literal('1e400') },
    'number-1e-400': { group: 'number', write: literal('1e-400') },
    'number-400-digits': { group: 'number', write: literal('9'.repeat(400)) },
    'deep-array-1000': { group: 'deep', write: literal(nested('[', ']', 1000)), heavy: true },
    'deep-object-1000': { group: 'deep', write: literal(nested('{"a":', '}', 1000, '1')), heavy: true },
    'deep-array-20000': { group: 'deep', write: literal(nested('[', ']', 20_000)), heavy: true },
    'string-1-mib': { group: 'size', write: literal(`"${'x'.repeat(2 ** 20)}"`), heavy: true },
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

/** A member twice: RFC 8259 §4 leaves open which counts. */
function duplicates(): Record<string, { group: string; write: Write }> {
  const bad = '"\u0001"';
  const ways: Record<string, (text: string, member: Member, value: string) => string> = {
    same: (text, member, value) => text.replace(/}$/, () => `,"${member}":${value}}`),
    'bad-first': (text, member) => text.replace('{', () => `{"${member}":${JSON.stringify(bad)},`),
    'bad-last': (text, member) => text.replace(/}$/, () => `,"${member}":${JSON.stringify(bad)}}`),
  };
  const entries = Object.entries(ways).flatMap(([way, write]) =>
    members.map((member) => [
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
  return Object.fromEntries(entries) as Record<string, { group: string; write: Write }>;
}

function cellsOf(ones: typeof rightOnes, expectation: 'accept' | 'either'): AnyCell[] {
  return Object.entries(ones).map(([name, { group, write, heavy }]) =>
    bodyCell({
      id: `${name}@wire`,
      group: `${group}@wire`,
      expectation,
      breaks: { kind: expectation === 'accept' ? 'nothing' : 'unchecked' },
      param: none,
      body: (base) => write(JSON.stringify(base)),
      ...(heavy && { heavy }),
    }),
  );
}

/** Reports that mean what they should, in unusual JSON. */
export const wire: readonly AnyCell[] = [...cellsOf(rightOnes, 'accept'), ...cellsOf(unclearOnes, 'either')];
