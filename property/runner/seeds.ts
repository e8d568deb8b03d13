/** A seed of its own for every name, from the seed of the run: an entry added elsewhere changes nothing here. */
export function seedFor(seed: number, name: string): number {
  let hash = seed | 0;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
