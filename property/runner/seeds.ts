/** Derives a seed for a named part of the run, so that a change in one part does not affect the others. */
export function seedFor(seed: number, name: string): number {
  let hash = seed | 0;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
