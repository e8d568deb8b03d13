/** Standard members of JSON that the compiler does not know yet. */
const { parse, rawJSON, isRawJSON } = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};

/**
 * Parses JSON so that `JSON.stringify` writes each number as it was read: `9007199254740993` is beyond the precision of a
 * number, and Pact distinguishes `1.0` from `1`.
 * @throws {SyntaxError}
 */
export function parseExact(text: string): unknown {
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );
}

/** The number of a value of `parseExact`; undefined if it is no number. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isRawJSON(value) ? Number(value.rawJSON) : undefined;
}
