/** A kind of near miss of an enum value. Parsers that are lenient about one kind may be strict about the others. */
export type NearMissKind = 'case' | 'blank' | 'ordinal' | 'list' | 'look-alike' | 'spelling';

export interface NearMiss {
  readonly name: string;
  readonly kind: NearMissKind;
  /** The text for a value of the enum, with the position of the value and all values. */
  readonly value: (current: string, index: number, all: readonly string[]) => string;
}

const blanks: Readonly<Record<string, string>> = {
  space: ' ',
  tab: '\t',
  'line-feed': '\n',
  'carriage-return': '\r',
  nul: '\0',
  'no-break-space': '\u00A0',
  'zero-width-space': '\u200B',
  'byte-order-mark': '\uFEFF',
};

const HOMOGLYPHS: Readonly<Record<string, string>> = {
  A: '\u0410',
  C: '\u0421',
  E: '\u0415',
  O: '\u041E',
  I: '\u0406',
};

/** Letters that become ASCII letters if a service changes their case: the dotless i and the long s. */
const FOLDED: Readonly<Record<string, string>> = { I: '\u0131', S: '\u017F', K: '\u212A' };

function replaceFirst(text: string, by: Readonly<Record<string, string>>): string {
  const letter = Array.from(text).find((one) => by[one] !== undefined);
  return letter === undefined ? `${text}\u0301` : text.replace(letter, by[letter] ?? '');
}

function fullWidth(text: string): string {
  return Array.from(text, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).join('');
}

/** Texts that are almost a value of an enum. Each run sends all of them. */
export const nearMisses: readonly NearMiss[] = [
  { name: 'lower', kind: 'case', value: (current) => current.toLowerCase() },
  { name: 'title', kind: 'case', value: (current) => current[0] + current.slice(1).toLowerCase() },
  { name: 'mixed', kind: 'case', value: (current) => current.slice(0, -1) + current.slice(-1).toLowerCase() },
  { name: 'folded', kind: 'case', value: (current) => replaceFirst(current, FOLDED) },
  ...Object.entries(blanks).flatMap(([name, blank]): NearMiss[] => [
    { name: `${name}-before`, kind: 'blank', value: (current) => blank + current },
    { name: `${name}-after`, kind: 'blank', value: (current) => current + blank },
  ]),
  { name: 'ordinal', kind: 'ordinal', value: (_, index) => String(index) },
  { name: 'ordinal-from-one', kind: 'ordinal', value: (_, index) => String(index + 1) },
  { name: 'ordinal-signed', kind: 'ordinal', value: (_, index) => `+${index}` },
  { name: 'ordinal-decimal', kind: 'ordinal', value: (_, index) => `${index}.0` },
  { name: 'ordinal-hex', kind: 'ordinal', value: (_, index) => `0x${index}` },
  { name: 'minus-one', kind: 'ordinal', value: () => '-1' },
  { name: 'joined', kind: 'list', value: (_, __, all) => all.slice(0, 2).join(',') },
  { name: 'joined-with-space', kind: 'list', value: (_, __, all) => all.slice(0, 2).join(', ') },
  { name: 'joined-by-bar', kind: 'list', value: (_, __, all) => all.slice(0, 2).join('|') },
  { name: 'joined-by-semicolon', kind: 'list', value: (_, __, all) => all.slice(0, 2).join(';') },
  { name: 'value-twice', kind: 'list', value: (current) => `${current},${current}` },
  { name: 'trailing-comma', kind: 'list', value: (current) => `${current},` },
  { name: 'leading-comma', kind: 'list', value: (current) => `,${current}` },
  { name: 'json-list', kind: 'list', value: (current) => JSON.stringify([current]) },
  { name: 'json-text', kind: 'spelling', value: (current) => JSON.stringify(current) },
  { name: 'single-quoted', kind: 'spelling', value: (current) => `'${current}'` },
  { name: 'homoglyph', kind: 'look-alike', value: (current) => replaceFirst(current, HOMOGLYPHS) },
  { name: 'full-width', kind: 'look-alike', value: fullWidth },
  { name: 'combining-mark', kind: 'look-alike', value: (current) => `${current}\u0301` },
  { name: 'soft-hyphen', kind: 'look-alike', value: (current) => `${current[0]}\u00AD${current.slice(1)}` },
  { name: 'suffix', kind: 'spelling', value: (current) => `${current}X` },
  { name: 'digit-after', kind: 'spelling', value: (current) => `${current}1` },
  { name: 'underscore-after', kind: 'spelling', value: (current) => `${current}_` },
  { name: 'underscore-before', kind: 'spelling', value: (current) => `_${current}` },
  { name: 'hyphen-inside', kind: 'spelling', value: (current) => `${current[0]}-${current.slice(1)}` },
  { name: 'space-inside', kind: 'spelling', value: (current) => `${current[0]} ${current.slice(1)}` },
  { name: 'truncated', kind: 'spelling', value: (current) => current.slice(0, -1) },
  { name: 'without-first', kind: 'spelling', value: (current) => current.slice(1) },
  { name: 'first-letter', kind: 'spelling', value: (current) => current.slice(0, 1) },
  { name: 'qualified', kind: 'spelling', value: (current) => `Type.${current}` },
  { name: 'wildcard', kind: 'spelling', value: () => '*' },
];
