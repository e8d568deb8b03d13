import { permissionFor, pacedDuration, type Cost } from '../core/client/index.ts';
import type { Emit, Quota } from '../core/index.ts';
import { parsePact } from './pact-files/parse-pact.ts';
import type { ContractsOutcome, ContractsReplay } from './verification/outcomes.ts';
import { isVerifiable, planInteractions } from './verification/planned-interaction.ts';
import { estimateSetUps } from './verification/set-up-state.ts';
import { verify, type VerifyContext } from './verification/verify.ts';

export interface ContractsContext extends VerifyContext {
  readonly quota: Quota;
  /** Undefined sends without delay. */
  readonly pace: Quota | undefined;
}

/** Estimates the cost of a verification. */
export function plan({ pacts, quota, pace, ...context }: ContractsContext): Cost {
  const planned = planInteractions(pacts.pacts, context).filter(isVerifiable);
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
  const pacts = { pacts: replays.map(({ pact }) => parsePact(pact, 'the finding')), unreadable: [] };
  await verify({ ...context, pacts, publication: undefined }, (outcome) => outcomes.push(outcome));
  return outcomes;
}

/** Whether a replay sends only a few requests. Without a state endpoint, provoking a 429 exhausts the quota again. */
export function isCheapReplay({ pact }: ContractsReplay): boolean {
  return parsePact(pact, 'the finding').interactions.every(({ response }) => response.status !== 429);
}

export { PactFileError, type PactSet } from './pact-files/pact-file.ts';
export { readPacts } from './pact-files/read-pacts.ts';
export { splitPacts } from './pact-files/split-pacts.ts';
export type { ContractsReplay } from './verification/outcomes.ts';
export type { InteractionFilter } from './verification/planned-interaction.ts';
export type { Publication } from './verification/publish-pacts.ts';
export { OwnWrites } from './verification/own-writes.ts';
export { QuotaExhaustion } from './verification/quota-exhaustion.ts';
export { VerifierError } from './verification/run-verifier.ts';
export { parseStateMapping, UnknownStateError, type MappedState } from './verification/state-names.ts';
