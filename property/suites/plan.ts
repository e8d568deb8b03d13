import type { RelationName } from '../../core/index.ts';
import { permissionFor, type Guard } from '../../core/client/index.ts';
import { cellProbes } from './single-mutations.ts';
import { equivalentProbes } from './equivalent-requests.ts';
import { historyProbes, type Consistency } from './concurrent-histories.ts';
import { pairwiseRows } from './pairwise.ts';
import { richCells } from './mutated-random-reports.ts';
import { LENGTH } from './sequences.ts';
import { quietReads, randomStateProbes, stateProbes } from './stored-state.ts';
import type { Place } from '../runner/target-ids.ts';
import { permissionOf, type Probe } from '../runner/test-case.ts';

/** What a run is to try, and how much of it. */
export interface Plan {
  readonly place: Place;
  readonly seed: number;
  readonly randomBodies: number;
  /** What was found before and is sent first. */
  readonly corpus: readonly Probe[];
  /** Recorded histories of several clients at once. */
  readonly histories: number;
  /** Random sequences of one client. */
  readonly sequences: number;
  readonly consistency: Consistency;
  /** Whether the cells are put on rich random reports as well. */
  readonly richBases: boolean;
  /** Whether every two unusual values are brought together. */
  readonly pairwise: boolean;
  /** Whether large and deep bodies are sent. */
  readonly heavy: boolean;
}

/** The probes that are known beforehand, in the order they are sent; a run that is cut short has tried some of each kind. */
export interface Probes {
  /** Of the corpus, what only a service is held to that agrees at once. */
  readonly left: readonly Probe[];
  readonly first: readonly Probe[];
  readonly earlyCells: readonly Probe[];
  readonly state: readonly Probe[];
  readonly lateCells: readonly Probe[];
  readonly equivalents: readonly Probe[];
  readonly moreState: readonly Probe[];
}

/** Cells before the first look at what is stored. */
const EARLY = 120;
/** Recorded histories at that look: what comes of a race may not show in the first one. */
const EARLY_HISTORIES = 2;

export function planProbes(plan: Plan): Probes {
  const { seed, place, heavy, corpus, consistency } = plan;
  const cells = cellProbes(seed, place, heavy);
  const histories = historyProbes(plan);
  const isEventual = consistency === 'eventual';
  return {
    left: isEventual ? corpus.filter(isStrict) : [],
    // Reads after the report of the preflight need not agree yet.
    first: isEventual
      ? corpus.filter((probe) => !isStrict(probe)).map(forEventual)
      : [...corpus, quietReads(place)],
    earlyCells: cells.slice(0, EARLY),
    state: [...stateProbes(seed, place, consistency), ...histories.slice(0, EARLY_HISTORIES)],
    lateCells: cells.slice(EARLY),
    equivalents: equivalentProbes(place),
    moreState: [...randomStateProbes(plan), ...histories.slice(EARLY_HISTORIES)],
  };
}

/** What was found where everything is visible at once is asked as a service may be asked that agrees in the end. */
function forEventual(probe: Probe): Probe {
  return probe.relation === 'echo' ? { ...probe, settling: 1 } : probe;
}

function isStrict({ relation }: Probe): boolean {
  return relation !== undefined && STRICT.includes(relation);
}

const STRICT: readonly RelationName[] = ['history', 'stable-reads', 'rejected-write'];

/** About what a run sends. */
export function planFuzz({ guard, ...plan }: Plan & { readonly guard: Guard }): {
  readonly requests: number;
  readonly writes: number;
} {
  const { left: _, ...sent } = planProbes(plan);
  const probes: Probe[] = Object.values(sent).flat();
  const steps = probes.filter((probe) => guard.allows(permissionOf(probe))).flatMap((probe) => probe.steps);
  const writes = steps.filter(({ method }) => permissionFor(method) === 'write').length;
  if (!guard.allows('write')) return { requests: steps.length, writes };
  const pairs = plan.pairwise ? pairwiseRows().length : 0;
  const rich = plan.richBases ? richCells().length : 0;
  const random = plan.randomBodies + pairs + rich;
  const sequences = plan.sequences * LENGTH;
  return {
    requests: steps.length + random + sequences,
    writes: writes + random + Math.ceil(sequences / 2),
  };
}
