import { replay as replayContracts } from '../../../contracts/index.ts';
import type { Emit, Outcome } from '../../../core/index.ts';
import { replay as replayProperty } from '../../../property/index.ts';
import { contextWithPacts } from '../contexts/contracts.ts';
import type { LayerInput } from '../contexts/layer-input.ts';
import { propertyContext } from '../contexts/property.ts';
import { layers } from '../layers.ts';
import { preflight } from '../preflight.ts';
import { noProgress } from '../progress.ts';
import type { Replay } from './replay.ts';

/**
 * Sends the requests of a finding again: a single test case of the property layer, a single interaction of a pact, or the
 * whole load layer.
 */
export async function replayFinding(replay: Replay, input: LayerInput): Promise<Outcome<Replay>[]> {
  switch (replay.layer) {
    case 'preflight':
      return collectOutcomes((emit) => preflight(input.session, emit));
    case 'property':
      return [await replayProperty(replay, propertyContext(input))];
    case 'contracts':
      return replayContracts([replay], contextWithPacts(input));
    case 'load':
      return collectOutcomes((emit) => layers.load.run(input, emit, noProgress));
  }
}

async function collectOutcomes(work: (emit: Emit<Replay>) => Promise<unknown>): Promise<Outcome<Replay>[]> {
  const outcomes: Outcome<Replay>[] = [];
  await work((outcome) => outcomes.push(outcome));
  return outcomes;
}

export function showsFinding(outcomes: readonly Outcome[], id: string): boolean {
  return outcomes.some(
    (outcome) => outcome.kind !== 'skipped' && outcome.findings.some((finding) => finding.id === id),
  );
}
