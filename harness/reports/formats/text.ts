/** Shortens a text. The last character is then an ellipsis. */
export function limited(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // The cut can leave the first half of a surrogate pair.
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** JSON that all parsers read: some reject the escapes of lone surrogates. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(
    value,
    (_, member: unknown) => (typeof member === 'string' ? member.toWellFormed() : member),
    2,
  );
  return `${json}\n`;
}
