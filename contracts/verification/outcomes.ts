import {
  inconclusiveBecause,
  judgementOf,
  outcomeOf,
  violation,
  type Attempt,
  type CheckName,
  type ConsumerVersionName,
  type Inconclusive,
  type Judged,
  type Outcome,
  type RequestIntent,
} from '../../core/index.ts';
import { judgeSendResult } from '../../core/client/index.ts';
import { pactDocument, type PactFile, type UnreadableFile } from '../pact-files/pact-file.ts';
import type { PlannedInteraction, VerifiableInteraction } from './planned-interaction.ts';
import type { VerifierResult } from './run-verifier.ts';
import { QuotaNotExhaustedError } from './quota-exhaustion.ts';
import { NoPrincipalError } from './set-up-state.ts';
import { skip, type InconclusivePlan, type SkipPlan } from './state-recipes.ts';
import type { SentRequest } from './verifier-proxy.ts';

/** The data to verify an interaction again. */
export interface ContractsReplay {
  readonly layer: 'contracts';
  /** A pact with only this interaction, as JSON text, because numbers would lose digits. */
  readonly pact: string;
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

/** The outcome of an interaction that cannot be sent. */
export function inconclusiveOutcome(
  planned: PlannedInteraction,
  { reason, details }: InconclusivePlan,
): ContractsOutcome {
  return inconclusiveCheck(checkNameOf(planned), inconclusiveBecause(reason, details));
}

/** The outcome of a file that is not a pact, or may have been one. */
export function unreadableOutcome({ path, kind, problem }: UnreadableFile): ContractsOutcome {
  const check = { layer: 'contracts', name: path, suite: path };
  if (kind === 'not-a-pact') return { kind: 'skipped', ...check, reason: 'not-a-pact', details: { problem } };
  return inconclusiveCheck(check, inconclusiveBecause('pact.unreadable', { problem }));
}

/** A contract has no verdict unless all its interactions are evaluated. */
function inconclusiveCheck(check: CheckName, inconclusive: Inconclusive): ContractsOutcome {
  return {
    kind: 'inconclusive',
    ...check,
    findings: [],
    inconclusive: [inconclusive],
    requests: 0,
    required: true,
  };
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
  const isVerified = result !== undefined && error === undefined;
  const failed = isVerified && isBroken(result, judged) ? [judgeContract(planned, result, judged)] : [];
  const requests = sent.reduce((sum, one) => sum + one.result.requests, 0);
  const replay = { layer: 'contracts', pact: singlePact(planned) } as const;
  const outcome = outcomeOf({ ...checkNameOf(planned), replay }, [...judged, ...failed], requests);
  if (error instanceof QuotaNotExhaustedError && isClean(outcome)) {
    return { ...skippedOutcome(planned, skip('quota-not-exhausted', figuresOf(error))), requests };
  }
  if (isVerified && judged.length > 0) {
    // A contract has no verdict unless all its interactions are evaluated.
    return outcome.kind === 'inconclusive' ? { ...outcome, required: true } : outcome;
  }
  // Without a result of the verifier nothing was verified. The findings of the judge remain.
  const why = inconclusiveBecause('run.aborted', { why: reasonFor(error, judged) });
  return { ...outcome, kind: 'inconclusive', inconclusive: [why, ...outcome.inconclusive], required: true };
}

function isClean({ findings, inconclusive }: Attempt): boolean {
  return findings.length + inconclusive.length === 0;
}

function figuresOf({ requests, durationMs }: QuotaNotExhaustedError): Record<string, string> {
  return { requests: `${requests}`, seconds: (durationMs / 1000).toFixed(1) };
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

function singlePact({ pact, interaction }: PlannedInteraction): string {
  return JSON.stringify(pactDocument({ ...pact, interactions: [interaction] }));
}

/** The fate of the result of a pact. */
export type PublicationResult =
  | { readonly kind: 'published' }
  /** @param isExpected the pact is pending or needs the reference provider, so its result is optional */
  | { readonly kind: 'withheld'; readonly why: string; readonly isExpected: boolean }
  | { readonly kind: 'failed'; readonly why: string };

/** The outcome of publishing the result of a pact. */
export function publicationOutcome(pact: string, result: PublicationResult): ContractsOutcome {
  const name = `result of ${pact}`;
  const check = { layer: 'contracts', name, suite: name };
  if (result.kind === 'published') {
    return { kind: 'evaluated', ...check, findings: [], requests: 0, inconclusive: [] };
  }
  const { why } = result;
  if (result.kind === 'failed')
    return inconclusiveCheck(check, inconclusiveBecause('broker.unpublished', { why }));
  return result.isExpected
    ? { kind: 'skipped', ...check, reason: 'results-withheld', details: { why } }
    : inconclusiveCheck(check, inconclusiveBecause('broker.withheld', { why }));
}

function checkNameOf({ name, pact }: PlannedInteraction): CheckName {
  return { layer: 'contracts', name, suite: name, consumer: consumerOf(pact) };
}

function consumerOf({ consumer, origin }: PactFile): ConsumerVersionName {
  return {
    name: consumer.name,
    version: origin?.consumerVersion ?? null,
    isPending: origin?.isPending ?? false,
    selectedBy: origin?.selectedBy ?? null,
  };
}

/** Interactions of all consumers that fail in the same way have one finding. */
function judgeContract(
  { name, pact, interaction }: PlannedInteraction,
  { mismatches }: VerifierResult,
  judged: readonly Judged[],
): Judged {
  const last = judged.at(-1);
  const details = {
    interaction: `${name} → ${interaction.response.status}`,
    mismatch: mismatches.map(({ text }) => text).join('; '),
    isPending: interaction.isPending || pact.origin?.isPending === true,
  };
  const site = mismatches.map((mismatch) => mismatch.site).join('; ');
  const intent: RequestIntent = last?.intent ?? {
    operation: undefined,
    expectation: 'either',
    isManagedClientKnown: true,
  };
  return {
    intent,
    judgement: judgementOf([violation('contract.interaction.failed', { site, details })]),
    ...(last?.exchange && { exchange: last.exchange }),
  };
}
