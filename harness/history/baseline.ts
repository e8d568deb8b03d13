import { usage, type HarnessError } from '../errors.ts';
import { readJsonObject } from '../settings/json-object.ts';

/** A known finding. It does not change the exit code until it expires. */
export interface KnownFinding {
  /** The issue in which the team tracks it. */
  readonly issue?: string;
  /** Dates as `2026-11-21`. */
  readonly firstSeen?: string;
  /** The last day on which it does not change the exit code. */
  readonly expires?: string;
}

/** Known findings by id. */
export type Baseline = ReadonlyMap<string, KnownFinding>;

export const DEFAULT_BASELINE = 'fuzz-baseline.json';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads a baseline: a JSON object with finding ids as keys.
 * @param file undefined for the default file, which need not exist
 * @throws {HarnessError} of kind usage
 */
export function readBaseline(file: string | undefined): Baseline {
  const path = file ?? DEFAULT_BASELINE;
  const unusable = (problem: string): HarnessError => usage('baseline.unusable', { file: path, problem });
  const entries = Object.entries(readJsonObject(path, unusable, file === undefined ? {} : undefined));
  return new Map(entries.map(([id, known]) => [id, readEntry(id, known, unusable)]));
}

function readEntry(id: string, known: unknown, unusable: (problem: string) => HarnessError): KnownFinding {
  const { firstSeen, expires } = Object(known) as KnownFinding;
  const areDates = [firstSeen, expires].every((date) => date === undefined || DATE.test(date));
  if (!areDates) throw unusable(`${id} has a date that is not written as 2026-11-21`);
  return Object(known) as KnownFinding;
}

/** Whether a finding is in the baseline and has not expired. */
export function isKnown(id: string, baseline: Baseline, today: Date): boolean {
  const known = baseline.get(id);
  if (known === undefined) return false;
  return known.expires === undefined || today.toISOString().slice(0, 10) <= known.expires;
}
