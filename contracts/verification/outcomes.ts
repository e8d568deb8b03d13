import {
  doubt,
  judgementOf,
  outcomeOf,
  violation,
  type Asked,
  type Judged,
  type Outcome,
} from '../../core/index.ts';
import { judgeSent } from '../../core/client/index.ts';
import type { Entry, OpenEntry } from './planned-interaction.ts';
import type { PactFile } from './pact-file.ts';
import { NoPrincipalError } from './set-up-state.ts';
import { obstacle, type Obstacle } from './state-recipes.ts';
import type { VerifierResult } from './run-verifier.ts';
import type { Tapped } from './verifier-proxy.ts';

/** An interaction, what was sent for it, and what Pact's verifier said. */
export interface Verified {
  readonly entry: OpenEntry;
  readonly traffic: readonly Tapped[];
  readonly result: VerifierResult | undefined;
  /** What kept it from being sent. */
  readonly trouble: unknown;
}

const LAYER = 'contracts';

export function notVerifiable(entry: Entry, { reason, details }: Obstacle): Outcome {
  return { kind: 'not-verifiable', ...attemptOf(entry), reason, details };
}

/** The verdict on an interaction: that of the verifier, and that of the judge on the same traffic. */
export function outcomeOfVerified({ entry, traffic, result, trouble }: Verified): Outcome {
  if (trouble instanceof NoPrincipalError) {
    return notVerifiable(entry, obstacle('no-principal', { principal: trouble.principal }));
  }
  const judged = traffic.flatMap(({ step, sent }) => judgeSent(step, sent));
  const failed =
    result !== undefined && isBroken(result, judged) ? [contractJudged(entry, result, judged)] : [];
  const requests = traffic.reduce((sum, { sent }) => sum + 1 + sent.passedOver.length, 0);
  const attempt = { ...attemptOf(entry), rerun: { layer: LAYER, data: alone(entry) } };
  const outcome = outcomeOf(attempt, [...judged, ...failed], requests);
  // A contract is whole or has no verdict: nine tenths of it are not enough.
  if (result !== undefined && trouble === undefined && judged.length > 0) {
    return outcome.kind === 'inconclusive' ? { ...outcome, decisive: true } : outcome;
  }
  // Without a result of the verifier nothing was verified, and the report has to say why; what the judge saw stays.
  const why = doubt('run.aborted', { why: reasonFor(trouble, judged) });
  const { findings, doubts } = outcome as Outcome & { kind: 'evaluated' };
  return { kind: 'inconclusive', ...attempt, findings, doubts: [why, ...doubts], requests, decisive: true };
}

/** A contract is broken by an answer: where none came, or the surroundings answered, the judge has said so. */
function isBroken({ isOk }: VerifierResult, judged: readonly Judged[]): boolean {
  const isClear = judged.every(({ judgement }) => judgement.doubts.length === 0);
  return !isOk && isClear && judged.at(-1)?.exchange?.answer.kind === 'response';
}

function reasonFor(trouble: unknown, judged: readonly Judged[]): string {
  if (trouble instanceof Error) return trouble.message;
  return judged.length === 0 ? 'it was not sent' : 'the verifier gave no result for it';
}

/** A pact of this interaction only: what a replay needs, wherever the pact came from. */
function alone({ pact, interaction }: Entry): PactFile {
  const { consumer, provider, metadata } = pact;
  return { consumer, provider, interactions: [interaction], metadata };
}

/** What became of the results of a provider's pacts: published, or why not. */
export function publicationOutcome(
  provider: string,
  said: { readonly published: number } | { readonly withheld: string } | { readonly failed: string },
): Outcome {
  const what = `publication of the results for ${provider}`;
  const attempt = { layer: LAYER, what, group: what };
  if ('withheld' in said) {
    return {
      kind: 'not-verifiable',
      ...attempt,
      reason: 'results-withheld',
      details: { why: said.withheld },
    };
  }
  const done = { ...attempt, findings: [], requests: 0 };
  if ('published' in said) return { kind: 'evaluated', ...done, doubts: [] };
  const doubts = [doubt('broker.unpublished', { why: said.failed })];
  return { kind: 'inconclusive', ...done, doubts, decisive: true };
}

function attemptOf(entry: Entry): { layer: string; what: string; group: string } {
  return { layer: LAYER, what: entry.name, group: entry.name };
}

/**
 * A broken contract is a finding, unless the surroundings answered instead of the service. Consumers and interactions
 * that break in the same way share one. A pact that is new to the provider may fail: that is no more than minor.
 */
function contractJudged(entry: Entry, { mismatches }: VerifierResult, judged: readonly Judged[]): Judged {
  const shown = judged.at(-1);
  const mismatch = mismatches.join('; ');
  const { pact, interaction } = entry;
  const isPending = pact.origin?.isPending ?? false;
  const details = {
    interaction: `${entry.name} → ${interaction.response.status}`,
    mismatch,
  };
  const asked: Asked = shown?.asked ?? { operation: undefined, expectation: 'either', clientKnown: true };
  const severity = isPending ? ({ severity: 'minor' } as const) : {};
  return {
    asked,
    judgement: judgementOf([
      violation('contract.interaction.failed', { site: mismatch, details, ...severity }),
    ]),
    ...(shown?.exchange && { exchange: shown.exchange }),
  };
}
