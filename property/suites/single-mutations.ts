import * as fc from 'fast-check';

import { canonical } from '../runner/base-report.ts';
import { cells, families, type ListedCell } from '../mutations/index.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { breaksAsSaid } from '../mutations/check-mutation.ts';
import { seedFor } from '../runner/seeds.ts';

/** Phase A: every cell once, on the canonical base, so that a finding needs no shrinking to be understood. */
export function cellProbes(seed: number, place: Place, heavy: boolean): Probe[] {
  const sent = heavy ? cells : cells.filter((cell) => cell.heavy !== true);
  return sent.map((cell) => cellProbe(cell, seed, place));
}

const names = new Set(cells.map(({ id }) => id));

/** One of the cells by itself, and not one that came back from a corpus. */
export function isCellOfPhaseA({ what, family }: Probe): boolean {
  return isOfPhaseA(family) && names.has(what);
}

/** Families of cells: each of them belongs to every run. */
export function isOfPhaseA(family: string): boolean {
  return family in families;
}

const DRAWS = 20;

/** @throws {Error} where no draw breaks what the cell says: a mistake in the cell, which its laws catch first */
export function cellProbe(cell: ListedCell, seed: number, place: Place): Probe {
  const draws = fc.sample(cell.param, { seed: seedFor(seed, cell.id), numRuns: DRAWS });
  const steps = draws.map((param) => cell.render(canonical, param, place));
  const step = steps.find((one) => breaksAsSaid(one, cell.breaks));
  if (step === undefined) throw new Error(`the cell ${cell.id} does not break what it says`);
  return { what: cell.id, family: cell.family, steps: [step], ...(cell.state && { state: cell.state }) };
}
