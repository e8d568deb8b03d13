import type { Emit } from '../../core/index.ts';
import {
  BrokerError,
  publishResult,
  recordBranch,
  type BrokerClient,
  type PactResult,
  type ProviderVersion,
} from '../broker/index.ts';
import type { PactFile } from '../pact-files/pact-file.ts';
import { publicationOutcome, type ContractsReplay, type PublicationResult } from './outcomes.ts';
import { isVerifiable, type PlannedInteraction } from './planned-interaction.ts';
import type { VerifierResult } from './run-verifier.ts';

export interface Publication {
  readonly broker: BrokerClient;
  readonly provider: ProviderVersion;
}

/** An interaction that was sent, with the result of Pact's verifier. */
export interface EvaluatedInteraction {
  readonly planned: PlannedInteraction;
  readonly result: VerifierResult | undefined;
  /** False if the environment answered instead of the service. */
  readonly isEvaluated: boolean;
}

/** The pacts of a run with what was found. */
export interface VerificationResults {
  readonly pacts: readonly PactFile[];
  readonly planned: readonly PlannedInteraction[];
  readonly evaluated: readonly EvaluatedInteraction[];
}

/**
 * Publishes the result of each pact, as the verifier returned it, and emits an outcome for each. The broker takes one result
 * for a pact, so a pact is published only if all its interactions were evaluated.
 */
export async function publishPacts(
  { pacts, planned, evaluated }: VerificationResults,
  publication: Publication,
  emit: Emit<ContractsReplay>,
): Promise<void> {
  const results = new Map(evaluated.map((one) => [one.planned, one]));
  const withBranch = new Set<string>();
  let isAnyPublished = false;
  for (const pact of pacts.filter(({ interactions }) => interactions.length === 0)) {
    const isExpected = pact.origin?.isPending === true;
    emit(publicationOutcome(titleOf(pact), { kind: 'withheld', why: 'it has no interactions', isExpected }));
  }
  for (const [pact, own] of Map.groupBy(planned, (one) => one.pact)) {
    const result = await publish(pact, own);
    isAnyPublished ||= result.kind === 'published';
    emit(publicationOutcome(titleOf(pact), result));
  }
  if (!isAnyPublished)
    emit(publicationOutcome('all pacts', { kind: 'failed', why: 'no pact was verified completely' }));

  async function publish(pact: PactFile, own: readonly PlannedInteraction[]): Promise<PublicationResult> {
    const { origin, provider } = pact;
    const why = reasonToWithhold(own, results);
    if (why !== undefined) return { kind: 'withheld', why, isExpected: isResultOptional(pact, own) };
    if (origin?.resultsUrl === undefined)
      return { kind: 'failed', why: 'the pact has no address for results' };
    try {
      if (!withBranch.has(provider.name))
        await recordBranch(publication.broker, provider.name, publication.provider);
      withBranch.add(provider.name);
      await publishResult(
        publication.broker,
        origin.resultsUrl,
        pactResult(own, results),
        publication.provider,
      );
      return { kind: 'published' };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return { kind: 'failed', why: error.message };
    }
  }
}

type Results = ReadonlyMap<PlannedInteraction, EvaluatedInteraction>;

function titleOf({ consumer, provider, origin }: PactFile): string {
  return `${consumer.name} ${origin?.consumerVersion ?? ''} → ${provider.name}`;
}

function reasonToWithhold(own: readonly PlannedInteraction[], results: Results): string | undefined {
  const skipped = own.find((one) => one.state.kind === 'skip');
  if (skipped !== undefined) return `"${skipped.name}" was skipped`;
  const inconclusive = own.find((one) => !isVerifiable(one) || results.get(one)?.isEvaluated !== true);
  return inconclusive && `"${inconclusive.name}" is inconclusive`;
}

/** A result is optional for a pending pact, and for a pact with states that a deployed target cannot reach. */
function isResultOptional({ origin }: PactFile, own: readonly PlannedInteraction[]): boolean {
  const isUnreachable = ({ state }: PlannedInteraction): boolean =>
    state.kind === 'skip' && state.reason === 'unreachable-state';
  return origin?.isPending === true || own.some(isUnreachable);
}

/** A failure of a pending interaction does not count. */
function pactResult(own: readonly PlannedInteraction[], results: Results): PactResult {
  const entries = own.map((one) => ({ interaction: one.interaction, result: results.get(one)?.result }));
  return {
    success: entries.every(({ interaction, result }) => interaction.isPending || result?.isOk === true),
    testResults: entries.flatMap(({ interaction: { id }, result }) =>
      id === undefined || result === undefined
        ? []
        : [
            {
              interactionId: id,
              success: result.isOk,
              ...(!result.isOk && {
                mismatches: result.mismatches.map(({ text }) => ({ description: text })),
              }),
            },
          ],
    ),
  };
}
