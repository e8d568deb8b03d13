/** Characters that would control the terminal or reorder the text. */
const CONTROL = /[\p{Cc}\p{Cs}\uFEFF\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Escapes control characters in text of others, such as descriptions in pacts, before it is printed. */
export function printable(text: string): string {
  return text.replaceAll(
    CONTROL,
    (one) => escapes[one] ?? `\\u${one.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}

const escapes: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** Escapes control characters in text of several lines, whose line breaks and tabs remain. */
export function printableLines(text: string): string {
  return text.replaceAll(CONTROL, (one) => (one === '\n' || one === '\t' ? one : printable(one)));
}
