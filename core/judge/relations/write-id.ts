import type { JsonObject } from './json-bodies.ts';

/** The member of `body` that distinguishes the writes of the harness. */
export const WRITE_ID_MEMBER = 'mchWrite';

/** The write id of a report, undefined if it has none. */
export function writeIdOf({ body }: JsonObject): string | undefined {
  const writeId = (body as JsonObject | null | undefined)?.[WRITE_ID_MEMBER];
  return typeof writeId === 'string' ? writeId : undefined;
}

const WRITE_ID = new RegExp(`"${WRITE_ID_MEMBER}"\\s*:\\s*"([^"]*)"`);

/** The write id in the text of a report, which need not be valid JSON. */
export function writeIdIn(text: string): string | undefined {
  return WRITE_ID.exec(text)?.[1];
}

/** The members that a report sets, as one text. A service may compute other members of `body` at each read. */
export function reportedFieldsOf(report: JsonObject): string {
  return JSON.stringify([report['status'], report['type'], report['timestamp'], writeIdOf(report)]);
}

/** The type in the query of a read, or undefined. */
export function requestedType(url: string): string | undefined {
  return /[?&]type=([^&]*)/.exec(url)?.[1];
}
