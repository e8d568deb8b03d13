/** A difference between a response and a contract. */
export interface Mismatch {
  /** In terms of the API, such as `expected 401 but was 403`. */
  readonly text: string;
  /** The text without received values that vary from response to response. */
  readonly site: string;
}

/** The mismatches of an interaction as Pact's verifier writes them. */
export interface WrittenMismatch {
  readonly type: string;
  readonly message?: string;
  readonly mismatches?: readonly WrittenMismatchEntry[];
}

interface WrittenMismatchEntry {
  readonly type?: string;
  readonly mismatch?: string;
  readonly path?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** The mismatches in the order of their texts. */
export function mismatchesIn({ message, mismatches = [] }: WrittenMismatch): Mismatch[] {
  if (mismatches.length === 0) return [same(message ?? 'the verifier gave no reason')];
  return mismatches.map(mismatchOf).toSorted((one, other) => one.text.localeCompare(other.text));
}

function mismatchOf({ type, mismatch = '', path, actual }: WrittenMismatchEntry): Mismatch {
  const text = mismatch
    .replace(/^Expected a header '([^']+)' but was missing$/, 'header $1: missing')
    .replace(/^Expected body Present\(.*\) but was empty$/s, 'body: missing');
  if (type !== 'BodyMismatch') return same(text);
  const place = path === undefined || path === '/' ? 'body' : `body ${path}`;
  const [, keys] = /^Actual map is missing the following keys: (.*)$/s.exec(text) ?? [];
  if (keys === undefined) return same(`${place}: ${text}`);
  const site = keys.includes(', ') ? `${place}: missing ${keys}` : `${place}.${keys}: missing`;
  const received = keysIn(actual);
  return { text: received === undefined ? site : `${site}; got ${received}`, site };
}

function same(text: string): Mismatch {
  return { text, site: text };
}

/** The received keys. Pact writes them as a JSON list in a text. */
function keysIn(actual: unknown): string | undefined {
  try {
    const value: unknown = typeof actual === 'string' ? JSON.parse(actual) : actual;
    return Array.isArray(value) ? value.join(', ') || 'no keys' : undefined;
  } catch {
    return undefined;
  }
}
