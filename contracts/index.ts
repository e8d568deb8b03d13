import { permissionFor, pacedDuration, type Cost } from '../core/client/index.ts';
import type { Emit, Quota } from '../core/index.ts';
import type { ContractsOutcome, ContractsReplay } from './verification/outcomes.ts';
import { isVerifiable, planInteractions } from './verification/planned-interaction.ts';
import { estimateSetUps } from './verification/set-up-state.ts';
import { verify, type VerifyContext } from './verification/verify.ts';

export interface ContractsContext extends VerifyContext {
  /** Undefined sends without delay. */
  readonly pace: Quota | undefined;
}

/** Estimates the cost of a verification. */
export function plan({ pacts, quota, pace, ...context }: ContractsContext): Cost {
  const planned = planInteractions(pacts, context).filter(isVerifiable);
  const setUps = estimateSetUps(planned, quota);
  const writes = planned.filter(({ interaction }) => permissionFor(interaction.request.method) === 'write');
  const requests = planned.length + setUps.requests;
  return {
    requests,
    writes: writes.length + setUps.writes,
    violations: setUps.violations,
    durationMs: pacedDuration(requests, pace),
  };
}

/** Verifies the pacts. See `verify`. */
export function run(context: ContractsContext, emit: Emit<ContractsReplay>): Promise<void> {
  return verify(context, emit);
}

/** Verifies interactions again, in one run of the verifier. */
export async function replay(
  replays: readonly ContractsReplay[],
  context: ContractsContext,
): Promise<ContractsOutcome[]> {
  const outcomes: ContractsOutcome[] = [];
  const again = { ...context, pacts: replays.map(({ pact }) => pact), publication: undefined };
  await verify(again, (outcome) => outcomes.push(outcome));
  return outcomes;
}

export { fetchPacts } from './verification/fetch-pacts.ts';
export type { ContractsReplay } from './verification/outcomes.ts';
export { PactFileError, readPacts, type PactFile } from './verification/pact-file.ts';
export type { Publication } from './verification/publish-results.ts';
export { VerifierError, type VerifierLaunch } from './verification/run-verifier.ts';
export { splitPacts } from './verification/split-pacts.ts';
