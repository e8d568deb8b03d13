import {
  inconclusiveBecause,
  judgementOf,
  outcomeOf,
  violation,
  type CheckName,
  type Judged,
  type Outcome,
  type RequestIntent,
} from '../../core/index.ts';
import { judgeSendResult } from '../../core/client/index.ts';
import type { PactFile } from './pact-file.ts';
import type { PlannedInteraction, VerifiableInteraction } from './planned-interaction.ts';
import type { VerifierResult } from './run-verifier.ts';
import { NoPrincipalError } from './set-up-state.ts';
import { skip, type SkipPlan } from './state-recipes.ts';
import type { SentRequest } from './verifier-proxy.ts';

/** The data to verify an interaction again. */
export interface ContractsReplay {
  readonly layer: 'contracts';
  /** A pact with only this interaction. */
  readonly pact: PactFile;
}

export type ContractsOutcome = Outcome<ContractsReplay>;

/** An interaction, the requests sent for it, and the result of Pact's verifier. */
export interface VerifiedInteraction {
  readonly planned: VerifiableInteraction;
  readonly sent: readonly SentRequest[];
  readonly result: VerifierResult | undefined;
  /** The error if a request could not be sent. */
  readonly error: unknown;
}

export function skippedOutcome(planned: PlannedInteraction, { reason, details }: SkipPlan): ContractsOutcome {
  return { kind: 'skipped', ...checkNameOf(planned), reason, details };
}

/** The outcome of an interaction: the result of the verifier and the judgement of the same requests. */
export function outcomeOfInteraction({
  planned,
  sent,
  result,
  error,
}: VerifiedInteraction): ContractsOutcome {
  if (error instanceof NoPrincipalError) {
    return skippedOutcome(planned, skip('no-principal', { principal: error.principal }));
  }
  const judged = sent.flatMap(({ spec, result: sendResult }) => judgeSendResult(spec, sendResult));
  const failed =
    result !== undefined && isBroken(result, judged) ? [judgeContract(planned, result, judged)] : [];
  const requests = sent.reduce((sum, one) => sum + one.result.requests, 0);
  const replay = { layer: 'contracts', pact: singlePact(planned) } as const;
  const outcome = outcomeOf({ ...checkNameOf(planned), replay }, [...judged, ...failed], requests);
  if (result !== undefined && error === undefined && judged.length > 0) {
    // A contract has no verdict unless all its interactions are evaluated.
    return outcome.kind === 'inconclusive' ? { ...outcome, required: true } : outcome;
  }
  // Without a result of the verifier nothing was verified. The findings of the judge remain.
  const why = inconclusiveBecause('run.aborted', { why: reasonFor(error, judged) });
  return { ...outcome, kind: 'inconclusive', inconclusive: [why, ...outcome.inconclusive], required: true };
}

/** A contract is broken only by a response of the service. The judge reports failures and environment problems. */
function isBroken({ isOk }: VerifierResult, judged: readonly Judged[]): boolean {
  const isConclusive = judged.every(({ judgement }) => judgement.inconclusive.length === 0);
  return !isOk && isConclusive && judged.at(-1)?.exchange?.answer.kind === 'response';
}

function reasonFor(error: unknown, judged: readonly Judged[]): string {
  if (error instanceof Error) return error.message;
  return judged.length === 0 ? 'the request was not sent' : 'the verifier returned no result';
}

function singlePact({ pact, interaction }: PlannedInteraction): PactFile {
  const { consumer, provider, metadata } = pact;
  return { consumer, provider, interactions: [interaction], metadata };
}

export type PublicationResult =
  | { readonly kind: 'published' }
  | { readonly kind: 'withheld'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** The outcome of publishing the results of a provider. */
export function publicationOutcome(provider: string, result: PublicationResult): ContractsOutcome {
  const name = `publication of the results for ${provider}`;
  const check = { layer: 'contracts', name, suite: name };
  if (result.kind === 'withheld') {
    return { kind: 'skipped', ...check, reason: 'results-withheld', details: { why: result.why } };
  }
  const attempt = { ...check, findings: [], requests: 0 };
  if (result.kind === 'published') return { kind: 'evaluated', ...attempt, inconclusive: [] };
  const inconclusive = [inconclusiveBecause('broker.unpublished', { why: result.why })];
  return { kind: 'inconclusive', ...attempt, inconclusive, required: true };
}

function checkNameOf({ name }: PlannedInteraction): CheckName {
  return { layer: 'contracts', name, suite: name };
}

/** Interactions of all consumers that fail in the same way have one finding. */
function judgeContract(
  { name, pact, interaction }: PlannedInteraction,
  { mismatches }: VerifierResult,
  judged: readonly Judged[],
): Judged {
  const last = judged.at(-1);
  const mismatch = mismatches.join('; ');
  const details = {
    interaction: `${name} → ${interaction.response.status}`,
    mismatch,
    isPending: pact.origin?.isPending ?? false,
  };
  const intent: RequestIntent = last?.intent ?? {
    operation: undefined,
    expectation: 'either',
    isManagedClientKnown: true,
  };
  return {
    intent,
    judgement: judgementOf([violation('contract.interaction.failed', { site: mismatch, details })]),
    ...(last?.exchange && { exchange: last.exchange }),
  };
}
