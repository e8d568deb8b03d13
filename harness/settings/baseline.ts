import { readFileSync } from 'node:fs';

import { usage } from '../errors.ts';

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
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (file === undefined && code === 'ENOENT') return new Map();
    throw usage('baseline.unusable', { file: path, problem: code });
  }
  return parseBaseline(content, path);
}

function parseBaseline(content: string, file: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw usage('baseline.unusable', { file, problem: 'it is not JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usage('baseline.unusable', { file, problem: 'it is no object of finding ids' });
  }
  const entries = Object.entries(value as Record<string, KnownFinding>);
  for (const [id, { firstSeen, expires }] of entries) {
    const isDated = [firstSeen, expires].every((date) => date === undefined || DATE.test(date));
    if (!isDated) throw usage('baseline.unusable', { file, problem: `${id} has a date that is none` });
  }
  return new Map(entries);
}

/** Does a baseline take the sting out of a finding, on this day? */
export function isKnown(id: string, baseline: Baseline, today: Date): boolean {
  const known = baseline.get(id);
  if (known === undefined) return false;
  return known.expires === undefined || today.toISOString().slice(0, 10) <= known.expires;
}
