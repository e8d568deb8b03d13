import * as fc from 'fast-check';

import type { ManagedClientStatus, Outcome } from '../../core/index.ts';
import { ablate, differences } from '../triage/minimize.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { unnamedId, type Attribution } from '../triage/attribution.ts';
import type { Param } from '../mutations/mutation.ts';
import { cells, type ListedCell } from '../mutations/index.ts';
import { inParallel } from '../runner/in-parallel.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { plainReportOf, reportProbe, UNNAMED } from '../triage/control-request.ts';
import { breaksAsSaid } from '../mutations/check-mutation.ts';
import { findingsOf, keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';
import { seedFor } from '../runner/seeds.ts';
import { cellProbe } from './single-mutations.ts';

export interface RichBaseOptions {
  readonly seed: number;
  readonly place: Place;
  readonly inFlight: number;
  readonly run: Run;
  readonly attribution: Attribution;
}

/**
 * Phase A2: the cells that bend a body once more, each on a rich random report. It meets what only comes up where two
 * things come together. A failure is compared with the report alone and with the cell alone before it gets a name.
 */
export async function* cellsOnRichBases(options: RichBaseOptions): AsyncGenerator<Outcome> {
  const drawn = richCells().flatMap((cell) => drawBase(cell, options) ?? []);
  for await (const outcomes of inParallel(drawn, options.inFlight, (one) => settle(one, options)))
    yield* outcomes;
}

/** Cells that can be put on another report: what they do to its body is checked on the bytes. */
export function richCells(): readonly ListedCell[] {
  return cells.filter(({ breaks, heavy }) => breaks.kind !== 'unchecked' && heavy !== true);
}

/** A cell with the report it is put on. */
interface Drawn {
  readonly cell: ListedCell;
  readonly base: ManagedClientStatus;
  readonly probeOn: (base: ManagedClientStatus, group: string) => Probe;
}

const DRAWS = 20;

/** Undefined where no draw breaks exactly what the cell says: some cells need the canonical body. */
function drawBase(cell: ListedCell, { seed, place }: RichBaseOptions): Drawn | undefined {
  const pair = fc.record({ base: managedClientStatus(), param: cell.param });
  const isGood = ({ base, param }: { base: ManagedClientStatus; param: Param }): boolean =>
    breaksAsSaid(cell.render(base, param, place), cell.breaks);
  const own = seedFor(seed, `rich ${cell.id}`);
  // Nearly always the first one will do, and drawing is the dear part.
  const found =
    fc.sample(pair, { seed: own, numRuns: 1 }).find(isGood) ??
    fc.sample(pair, { seed: own, numRuns: DRAWS }).find(isGood);
  if (found === undefined) return undefined;
  const probeOn = (base: ManagedClientStatus, group: string): Probe => {
    const step = cell.render(base, found.param, place);
    const note = { ...step.asked.cell, id: cell.id, group };
    return { what: cell.id, family: 'rich-base', steps: [{ ...step, asked: { ...step.asked, cell: note } }] };
  };
  return { cell, base: found.base, probeOn };
}

/** Whose fault is it: the report's, the cell's, or that of both together? */
async function settle(drawn: Drawn, options: RichBaseOptions): Promise<Outcome[]> {
  const probe = drawn.probeOn(drawn.base, drawn.cell.group);
  const outcome = await options.run(probe);
  if (keysOf(outcome).length === 0) return [outcome];
  // Where a run ends meanwhile, what was found is told as it was; the next one that is sent ends it.
  return nameOf(drawn, { probe, outcome }, options).catch(() => [outcome]);
}

async function nameOf(
  { cell, base, probeOn }: Drawn,
  { probe, outcome }: { probe: Probe; outcome: Outcome },
  { seed, place, run, attribution }: RichBaseOptions,
): Promise<Outcome[]> {
  const own = plainReportOf(probe);
  if (own !== undefined) return attribution.settle({ report: own, outcome });
  const [first = outcome, ...others] = await attribution.againstPlain(probe, outcome);
  if (others.length > 0 || first !== outcome) return [first, ...others];
  const control = await run(reportProbe(base, place, UNNAMED));
  const unexplained = findingsOf(outcome).filter((finding) => !keysOf(control).includes(unnamedId(finding)));
  if (unexplained.length === 0) return attribution.settle({ report: base, outcome: control });
  const alone = findingsOf(await run(cellProbe(cell, seed, place))).map(unnamedId);
  const key = unexplained.map(unnamedId).find((id) => !alone.includes(id));
  if (key === undefined) return [outcome];
  const shows = (one: Outcome): boolean => findingsOf(one).some((finding) => unnamedId(finding) === key);
  const fails = async (candidate: ManagedClientStatus): Promise<boolean> => {
    const smaller = probeOn(candidate, cell.group);
    // On another report the cell may break nothing: then there is nothing to fail.
    const isStillBent = smaller.steps.every((step) => breaksAsSaid(step, cell.breaks));
    return isStillBent && shows(await run(smaller));
  };
  const smallest = await ablate(base, fails);
  const named = await run(probeOn(smallest, `${cell.group} with ${differences(smallest)}`));
  return [shows(named) ? named : outcome];
}
