import type { Outcome, Rerun } from '../../core/index.ts';
import type { PactFile } from '../../contracts/verification/index.ts';
import { refuzz, type Probe } from '../../property/index.ts';
import { isLayerName } from './layer-names.ts';
import { fuzzOptions, layers, type Env } from './layers.ts';
import { reverify } from './pacts.ts';
import { preflight } from './preflight.ts';
import { SILENT } from './progress.ts';
import type { Session } from './session.ts';

/**
 * Sends what showed a finding again: a test case of the property layer and an interaction of a pact alone, what a
 * limiter did by its whole layer.
 * @returns no outcome if the layer is not known
 */
export async function rerun({ layer, data }: Rerun, session: Session, env: Env): Promise<Outcome[]> {
  if (layer === 'preflight') return Array.fromAsync(preflight(session));
  if (layer === 'property') return [await refuzz(data as Probe, fuzzOptions(session))];
  if (layer === 'contracts') return Array.fromAsync(reverify([data as PactFile], session, env));
  return isLayerName(layer) ? Array.fromAsync(layers[layer].run(session, env, SILENT)) : [];
}

/** Whether one of the outcomes shows a finding. */
export function shows(outcomes: readonly Outcome[], id: string): boolean {
  return outcomes.some(
    (outcome) => outcome.kind !== 'not-verifiable' && outcome.findings.some((one) => one.id === id),
  );
}
