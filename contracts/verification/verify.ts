import type { Emit } from '../../core/index.ts';
import { BudgetSpentError } from '../../core/client/index.ts';
import { BrokerError } from '../broker/index.ts';
import {
  outcomeOfInteraction,
  publicationOutcome,
  skippedOutcome,
  type ContractsOutcome,
  type ContractsReplay,
  type VerifiedInteraction,
} from './outcomes.ts';
import type { PactFile, PactInteraction } from './pact-file.ts';
import {
  isVerifiable,
  planInteractions,
  type PlannedInteraction,
  type VerifiableInteraction,
} from './planned-interaction.ts';
import { publishResults, type Publication } from './publish-results.ts';
import { verifyPacts, type VerifierLaunch, type VerifierResult } from './run-verifier.ts';
import { setUpInteraction, type SetUpContext } from './set-up-state.ts';
import { startVerifierProxy, type SentRequest } from './verifier-proxy.ts';

export interface VerifyContext extends SetUpContext {
  readonly pacts: readonly PactFile[];
  readonly verifier: VerifierLaunch;
  /** Undefined does not publish results. */
  readonly publication: Publication | undefined;
}

const STATE = 'prepared';

/**
 * Verifies pacts with Pact's verifier and judges the same requests, so that a lenient contract does not hide a violation.
 * Emits an outcome for each interaction and each publication.
 * @throws {VerifierError | BudgetSpentError} after the outcomes of the interactions that were verified
 */
export async function verify(context: VerifyContext, emit: Emit<ContractsReplay>): Promise<void> {
  const { pacts, publication } = context;
  const planned = planInteractions(pacts, context);
  if (publication === undefined) {
    await verifyPlanned(planned, context, emit);
    return;
  }
  // One provider after the other, so that an error does not prevent the publication of the previous results.
  for (const provider of new Set(pacts.map((pact) => pact.provider.name))) {
    const own = planned.filter(({ pact }) => pact.provider.name === provider);
    const verified = await verifyPlanned(own, context, emit);
    const why = reasonToWithhold(own, [...verified.values()]);
    emit(
      why === undefined
        ? await publish(provider, [...verified.keys()], publication, context.verifier)
        : publicationOutcome(provider, { kind: 'withheld', why }),
    );
  }
}

/** Emits the outcomes of interactions. @returns those that were verified */
async function verifyPlanned(
  planned: readonly PlannedInteraction[],
  context: VerifyContext,
  emit: Emit<ContractsReplay>,
): Promise<ReadonlyMap<VerifiedInteraction, ContractsOutcome>> {
  for (const one of planned) if (one.state.kind === 'skip') emit(skippedOutcome(one, one.state));
  const verified = new Map<VerifiedInteraction, ContractsOutcome>();
  await verifyInteractions(planned.filter(isVerifiable), context, (one) => {
    const outcome = outcomeOfInteraction(one);
    verified.set(one, outcome);
    emit(outcome);
  });
  return verified;
}

/** Calls `onVerified` for each interaction; if an error ends the verification, only for those that were sent until then. */
async function verifyInteractions(
  planned: readonly VerifiableInteraction[],
  context: VerifyContext,
  onVerified: (one: VerifiedInteraction) => void,
): Promise<void> {
  if (planned.length === 0) return;
  const sent = planned.map((): SentRequest[] => []);
  const errors = new Map<number, unknown>();
  let results: readonly VerifierResult[] = [];
  let isComplete = false;
  const proxy = await startVerifierProxy({
    send: context.send,
    async prepare(index) {
      const setUp = await setUpInteraction(interactionAt(planned, index), context);
      sent[index]?.push(...setUp.sent);
      return setUp.prepared;
    },
    onSent: (index, request) => sent[index]?.push(request),
    onError: (index, error) => errors.set(index, error),
  });
  try {
    const target = { providerBaseUrl: proxy.url, stateUrl: proxy.stateUrl };
    results = await verifyPacts(withNumberedStates(planned), target, context.verifier);
    const spent = [...errors.values()].find((error) => error instanceof BudgetSpentError);
    if (spent !== undefined) throw spent;
    isComplete = true;
  } finally {
    await proxy.close();
    planned
      .map((one, index): VerifiedInteraction => ({
        planned: one,
        sent: sent[index] ?? [],
        result: resultOf(one, index, results),
        error: errors.get(index),
      }))
      .filter((one) => isComplete || wasSent(one))
      .forEach(onVerified);
  }
}

function wasSent({ sent }: VerifiedInteraction): boolean {
  return sent.length > 0;
}

/** Results apply to whole pacts, so they are published only if all interactions were evaluated. */
function reasonToWithhold(
  planned: readonly PlannedInteraction[],
  outcomes: readonly ContractsOutcome[],
): string | undefined {
  if (planned.length === 0) return 'there was nothing to verify';
  const skipped = planned.find((one) => !isVerifiable(one));
  if (skipped !== undefined) return `"${skipped.name}" was skipped`;
  const inconclusive = outcomes.find(({ kind }) => kind !== 'evaluated');
  return inconclusive && `"${inconclusive.name}" is inconclusive`;
}

async function publish(
  provider: string,
  verified: readonly VerifiedInteraction[],
  publication: Publication,
  launch: VerifierLaunch,
): Promise<ContractsOutcome> {
  const responses = verified.flatMap(({ planned, sent }) => {
    const last = sent.at(-1);
    return last === undefined ? [] : [{ planned, result: last.result }];
  });
  try {
    await publishResults(provider, responses, publication, launch);
    return publicationOutcome(provider, { kind: 'published' });
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return publicationOutcome(provider, { kind: 'failed', why: error.message });
  }
}

function interactionAt(planned: readonly VerifiableInteraction[], index: number): VerifiableInteraction {
  const one = planned[index];
  if (one === undefined) throw new Error('there is no such interaction');
  return one;
}

/** The pacts to verify. The state of each interaction contains its number, by which the proxy identifies it. */
function withNumberedStates(planned: readonly VerifiableInteraction[]): PactFile[] {
  const pacts = new Map<PactFile, PactInteraction[]>();
  for (const [index, { pact, interaction }] of planned.entries()) {
    const providerStates = [{ name: STATE, params: { interaction: index } }];
    const description = numbered(index, interaction);
    pacts.set(pact, [...(pacts.get(pact) ?? []), { ...interaction, description, providerStates }]);
  }
  return [...pacts].map(([pact, interactions]) => ({ ...pact, interactions }));
}

/** Descriptions are unique only together with their state, which is the same for all. */
function numbered(index: number, { description }: PactInteraction): string {
  return `#${index} ${description}`;
}

function resultOf(
  { interaction }: VerifiableInteraction,
  index: number,
  results: readonly VerifierResult[],
): VerifierResult | undefined {
  return results.find(({ description }) => description === numbered(index, interaction));
}
