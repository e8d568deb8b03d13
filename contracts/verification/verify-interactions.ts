import type { HeaderLine } from '../../core/index.ts';
import { BudgetSpentError, TargetStoppedError } from '../../core/client/index.ts';
import { versionMetadata } from '../pact-files/parse-pact.ts';
import type { Written } from '../pact-files/pact-file.ts';
import type { VerifiedInteraction } from './outcomes.ts';
import type { VerifiableInteraction } from './planned-interaction.ts';
import { VerifierError, verifyPacts, type VerifierLaunch, type VerifierResult } from './run-verifier.ts';
import { setUpInteraction, type SetUpContext } from './set-up-state.ts';
import { startVerifierProxy, type SentRequest } from './verifier-proxy.ts';

export interface VerifierContext extends SetUpContext {
  readonly verifier: VerifierLaunch;
  /** Added to each request of a pact. */
  readonly headers: readonly HeaderLine[];
}

const STATE = 'prepared';
/** The verifier is started again without an interaction at which it ended. */
const MAX_STARTS = 25;

/** An interaction with what is known of it so far. */
interface OpenInteraction {
  readonly planned: VerifiableInteraction;
  sent: SentRequest[];
  result: VerifierResult | undefined;
  error: unknown;
}

/**
 * Verifies interactions in one run of Pact's verifier. If the verifier ends at an interaction, it verifies the others again.
 * Calls `onVerified` for each interaction; if an error ends the verification, only for those that were sent until then.
 * @throws {VerifierError | BudgetSpentError | TargetStoppedError}
 */
export async function verifyInteractions(
  planned: readonly VerifiableInteraction[],
  context: VerifierContext,
  onVerified: (one: VerifiedInteraction) => void,
): Promise<void> {
  const all = planned.map((one): OpenInteraction => ({
    planned: one,
    sent: [],
    result: undefined,
    error: undefined,
  }));
  let isComplete = false;
  try {
    for (let start = 1; !isComplete; start++) isComplete = await runOnce(all, context, start < MAX_STARTS);
  } finally {
    all.filter(({ sent }) => isComplete || sent.length > 0).forEach(onVerified);
  }
}

/**
 * Verifies all interactions without an error.
 * @param mayRetry whether an end of the verifier is stored as the error of the interaction at which it ended
 * @returns whether the verification is complete
 */
async function runOnce(
  all: readonly OpenInteraction[],
  context: VerifierContext,
  mayRetry: boolean,
): Promise<boolean> {
  const open = all.filter(({ error }) => error === undefined);
  if (open.length === 0) return true;
  const reached: { last?: OpenInteraction } = {};
  const proxy = await startVerifierProxy({
    ...context,
    async prepare(index) {
      const current = at(open, index);
      reached.last = current;
      current.sent = [];
      const setUp = await setUpInteraction(current.planned, context);
      current.sent.push(...setUp.sent);
      return setUp.prepared;
    },
    onSent: (index, request) => at(open, index).sent.push(request),
    onError: (index, error) => {
      at(open, index).error = error;
    },
  });
  try {
    const target = { providerBaseUrl: proxy.url, stateUrl: proxy.stateUrl };
    const documents = open.map(({ planned }, index) => numberedDocument(planned, index));
    const results = await verifyPacts(documents, target, context.verifier);
    const byNumber = new Map(results.map((result) => [result.description, result]));
    for (const [index, one] of open.entries()) one.result = byNumber.get(numberOf(index));
  } catch (error) {
    const isRetried = error instanceof VerifierError && mayRetry && !context.verifier.signal.aborted;
    if (!isRetried || reached.last === undefined) throw error;
    reached.last.error ??= error;
    return false;
  } finally {
    await proxy.close();
  }
  const end = open.map(({ error }) => error).find(isEndOfRun);
  if (end !== undefined) throw end;
  return true;
}

function isEndOfRun(error: unknown): error is Error {
  return error instanceof BudgetSpentError || error instanceof TargetStoppedError;
}

function at(open: readonly OpenInteraction[], index: number): OpenInteraction {
  const one = open[index];
  if (one === undefined) throw new Error('there is no such interaction');
  return one;
}

function numberOf(index: number): string {
  return `#${index}`;
}

/**
 * A pact with one interaction for the verifier. Its number replaces the description and the states, so that results and
 * requests are identified by position. Everything that the verifier would fetch or report itself is left out.
 */
function numberedDocument({ pact, interaction }: VerifiableInteraction, index: number): Written {
  const { type, request, response } = interaction.written;
  return {
    consumer: { name: 'consumer' },
    provider: pact.provider,
    interactions: [
      {
        ...(type !== undefined && { type }),
        description: numberOf(index),
        providerStates: [{ name: STATE, params: { interaction: index } }],
        ...(request !== undefined && { request }),
        ...(response !== undefined && { response }),
      },
    ],
    metadata: versionMetadata(pact),
  };
}
