import { usage, type HarnessError } from '../errors.ts';
import { readJsonObject } from '../settings/json-object.ts';

/** A finding that a team knows of: it does not gate until it expires. */
export interface KnownFinding {
  /** Where it is dealt with. */
  readonly issue?: string;
  /** Dates as `2026-11-21`. */
  readonly firstSeen?: string;
  /** The last day on which it does not gate. */
  readonly expires?: string;
}

/** Known findings by id. */
export type Baseline = ReadonlyMap<string, KnownFinding>;

export const DEFAULT_BASELINE = 'fuzz-baseline.json';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads a baseline: a JSON object of finding ids.
 * @param file undefined for the default one, which does not have to be there
 * @throws {HarnessError} of kind usage
 */
export function readBaseline(file: string | undefined): Baseline {
  const path = file ?? DEFAULT_BASELINE;
  const unusable = (problem: string): HarnessError => usage('baseline.unusable', { file: path, problem });
  const entries = Object.entries(readJsonObject(path, unusable, file === undefined ? {} : undefined));
  return new Map(entries.map(([id, known]) => [id, readKnown(id, known, unusable)]));
}

function readKnown(id: string, known: unknown, unusable: (problem: string) => HarnessError): KnownFinding {
  const { firstSeen, expires } = Object(known) as KnownFinding;
  const isDated = [firstSeen, expires].every((date) => date === undefined || DATE.test(date));
  if (!isDated) throw unusable(`${id} has a date that is none`);
  return Object(known) as KnownFinding;
}

/** Does a baseline take the sting out of a finding, on this day? */
export function isKnown(id: string, baseline: Baseline, today: Date): boolean {
  const known = baseline.get(id);
  if (known === undefined) return false;
  return known.expires === undefined || today.toISOString().slice(0, 10) <= known.expires;
}
