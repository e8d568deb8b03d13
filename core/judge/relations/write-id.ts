/** The member of `body` that tells one write of ours from every other. */
export const MARKER = 'mchWrite';

/** The mark of a record, undefined where it has none that is a text. */
export function markOf({ body }: Readonly<Record<string, unknown>>): string | undefined {
  const mark = (body as Record<string, unknown> | null | undefined)?.[MARKER];
  return typeof mark === 'string' ? mark : undefined;
}

const MARK = new RegExp(`"${MARKER}"\\s*:\\s*"([^"]*)"`);

/** The mark in the text of a record, which may be no JSON. */
export function markIn(text: string): string | undefined {
  return MARK.exec(text)?.[1];
}

/** What a report sets, as one text. A service may compute other members of `body` at each read. */
export function marksOf(record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([record['status'], record['type'], record['timestamp'], markOf(record)]);
}

/** The type that a read asks for, undefined where its query names none. */
export function typeAsked(url: string): string | undefined {
  return /[?&]type=([^&]*)/.exec(url)?.[1];
}
