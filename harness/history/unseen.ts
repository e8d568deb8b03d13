import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Baseline } from './baseline.ts';

/** Runs in a row that did not see a known finding, by id; beside the reports, for it is about this machine's runs. */
const FILE = 'unseen.json';

/** So many full runs without it, and a finding may be gone. */
const ENOUGH = 3;

/**
 * Counts the full runs in a row in which known findings were not seen.
 * @param seen ids of this run; undefined where the run was not full, and says nothing
 * @returns ids that are maybe fixed
 */
export function countUnseen(
  baseline: Baseline,
  seen: ReadonlySet<string> | undefined,
  folder: string,
): string[] {
  const path = join(folder, FILE);
  const before = readCounts(path);
  if (seen === undefined || baseline.size === 0) return [];
  const counts = [...baseline.keys()].map((id): [string, number] => [
    id,
    seen.has(id) ? 0 : (before[id] ?? 0) + 1,
  ]);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(counts), null, 2)}\n`);
  return counts.filter(([, count]) => count >= ENOUGH).map(([id]) => id);
}

function readCounts(path: string): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
