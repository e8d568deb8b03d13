import type { Emit } from '../../core/index.ts';
import { PactFileError, type PactSet } from '../pact-files/pact-file.ts';
import {
  inconclusiveOutcome,
  outcomeOfInteraction,
  skippedOutcome,
  unreadableOutcome,
  type ContractsReplay,
} from './outcomes.ts';
import { isVerifiable, planInteractions, type PlannedInteraction } from './planned-interaction.ts';
import { publishPacts, type EvaluatedInteraction, type Publication } from './publish-pacts.ts';
import { verifyInteractions, type VerifierContext } from './verify-interactions.ts';

export interface VerifyContext extends VerifierContext {
  readonly pacts: PactSet;
  /** Undefined does not publish results. */
  readonly publication: Publication | undefined;
}

/**
 * Verifies pacts with Pact's verifier and judges the same requests, so that a lenient contract does not hide a violation.
 * Emits an outcome for each interaction, each unreadable file and each publication.
 * @throws {VerifierError | BudgetSpentError | PactFileError} after the outcomes of the interactions that were verified
 */
export async function verify(context: VerifyContext, emit: Emit<ContractsReplay>): Promise<void> {
  const { pacts, publication } = context;
  for (const file of pacts.unreadable) emit(unreadableOutcome(file));
  const planned = planInteractions(pacts.pacts, context);
  if (planned.every(isFiltered)) throw new PactFileError('the filters select no interaction');
  for (const one of planned) emitUnverifiable(one, emit);
  const evaluated: EvaluatedInteraction[] = [];
  try {
    await verifyInteractions(planned.filter(isVerifiable), context, (one) => {
      const outcome = outcomeOfInteraction(one);
      evaluated.push({ planned: one.planned, result: one.result, isEvaluated: outcome.kind === 'evaluated' });
      emit(outcome);
    });
  } finally {
    // Results of complete pacts are published even if an error ended the verification.
    if (publication !== undefined)
      await publishPacts({ pacts: pacts.pacts, planned, evaluated }, publication, emit);
  }
}

function isFiltered({ state }: PlannedInteraction): boolean {
  return state.kind === 'skip' && state.reason === 'filtered';
}

function emitUnverifiable(planned: PlannedInteraction, emit: Emit<ContractsReplay>): void {
  const { state } = planned;
  if (state.kind === 'skip') emit(skippedOutcome(planned, state));
  if (state.kind === 'inconclusive') emit(inconclusiveOutcome(planned, state));
}
