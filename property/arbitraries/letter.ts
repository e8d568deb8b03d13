import * as fc from 'fast-check';

/**
 * Units of texts. Those of fast-check that reach beyond ASCII keep a table of every code point, 60 MB for the life of the
 * process, and draw slowly from it.
 */

/** What a person sees as one letter, of several scripts, directions and lengths, and what nobody sees. */
const LETTERS: readonly string[] = [
  Array.from('aZ09 _-.,"\'\\/<>&%$#{}()[]'),
  Array.from('éßñøąžıİ'),
  Array.from('αΩжЯאשعنहไ漢字かンコ한'),
  ['e\u0301', 'a\u0323\u0307', 'नि', '😀', '👍🏽', '👩\u200D👩\u200D👧', '🇨🇭'],
  ['\u200F', '\u202E', '\uFEFF', '\u00A0', '\u2028', '\n', '\t'],
].flat();

export function letter(): fc.Arbitrary<string> {
  return fc.constantFrom(...LETTERS);
}

const SURROGATES = { from: 0xd800, count: 0x800 };
const CODE_POINTS = 0x110000 - SURROGATES.count;
/** The simplest one, which others shrink to. */
const FIRST = 0x61;

/** Any Unicode scalar value, control characters and unassigned ones included. */
export function codePoint(): fc.Arbitrary<string> {
  return fc.nat({ max: CODE_POINTS - 1 }).map(scalarAt, indexOf);
}

function scalarAt(index: number): string {
  const place = (index + FIRST) % CODE_POINTS;
  return String.fromCodePoint(place < SURROGATES.from ? place : place + SURROGATES.count);
}

function indexOf(text: unknown): number {
  const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
  if (code === undefined || text !== String.fromCodePoint(code)) throw new TypeError('no scalar value');
  const place = code < SURROGATES.from ? code : code - SURROGATES.count;
  return (place - FIRST + CODE_POINTS) % CODE_POINTS;
}
