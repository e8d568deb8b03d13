import * as fc from 'fast-check';

// The units of fast-check beyond ASCII keep a table of all code points: 60 MB for the life of the process.

/** Grapheme clusters of several scripts, directions and lengths, and invisible characters. */
const LETTERS: readonly string[] = [
  Array.from('aZ09 _-.,"\'\\/<>&%$#{}()[]'),
  Array.from('éßñøąžıİ'),
  Array.from('αΩжЯאשعنहไ漢字かンコ한'),
  ['e\u0301', 'a\u0323\u0307', 'नि', '😀', '👍🏽', '👩\u200D👩\u200D👧', '🇨🇭'],
  ['\u200F', '\u202E', '\uFEFF', '\u00A0', '\u2028', '\n', '\t'],
].flat();

/** One grapheme cluster of a fixed selection. */
export function letter(): fc.Arbitrary<string> {
  return fc.constantFrom(...LETTERS);
}

const SURROGATES = { from: 0xd800, count: 0x800 };
const CODE_POINTS = 0x110000 - SURROGATES.count;
/** The simplest code point, to which others shrink. */
const SIMPLEST = 0x61;

/** Any Unicode scalar value, including control characters and unassigned ones. */
export function codePoint(): fc.Arbitrary<string> {
  return fc.nat({ max: CODE_POINTS - 1 }).map(scalarAt, indexOf);
}

function scalarAt(index: number): string {
  const position = (index + SIMPLEST) % CODE_POINTS;
  return String.fromCodePoint(position < SURROGATES.from ? position : position + SURROGATES.count);
}

function indexOf(text: unknown): number {
  const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
  if (code === undefined || text !== String.fromCodePoint(code))
    throw new TypeError('not a Unicode scalar value');
  const position = code < SURROGATES.from ? code : code - SURROGATES.count;
  return (position - SIMPLEST + CODE_POINTS) % CODE_POINTS;
}
