import { usage, type HarnessError } from '../errors.ts';
import { readJsonObject } from '../settings/json-object.ts';

/** How each cell is answered, by cell: what a team has looked at and approved, as it would a snapshot. */
export type Signatures = Readonly<Record<string, string>>;

/** Approved signatures, where there are any: a copy of a run's `signatures.json`. */
export const APPROVED_SIGNATURES = 'fuzz-signatures.json';

/** What the next run may be compared with, in a stable order. */
export function signatureFile(signatures: ReadonlyMap<string, string>): string {
  const sorted = [...signatures].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/** @throws {HarnessError} of kind usage where the file is no map of signatures */
export function readApprovedSignatures(file: string): Signatures {
  const unusable = (problem: string): HarnessError => usage('signatures.unusable', { file, problem });
  const value = readJsonObject(file, unusable, {});
  if (Object.values(value).some((one) => typeof one !== 'string')) throw unusable('it is no object of texts');
  return value as Signatures;
}

const MOST = 10;

/** Sentences about cells that are answered otherwise than approved: news, and no verdict. */
export function changedSignatures(approved: Signatures, seen: ReadonlyMap<string, string>): string[] {
  const changed = [...seen].filter(([cell, now]) => approved[cell] !== undefined && approved[cell] !== now);
  if (changed.length === 0) return [];
  const shown = changed.slice(0, MOST).map(([cell, now]) => `  ${cell}: ${approved[cell]} → ${now}`);
  const more = changed.length > MOST ? [`  and ${changed.length - MOST} more`] : [];
  return [`Answered otherwise than approved in ${APPROVED_SIGNATURES}:`, ...shown, ...more];
}
