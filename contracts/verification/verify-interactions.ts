import type { HeaderLine } from '../../core/index.ts';
import { BudgetSpentError, TargetStoppedError } from '../../core/client/index.ts';
import { isObject, objectIn } from '../pact-files/parse-interaction.ts';
import { versionMetadata } from '../pact-files/parse-pact.ts';
import type { Written } from '../pact-files/pact-file.ts';
import type { VerifiedInteraction } from './outcomes.ts';
import { mayWriteTo, type VerifiableInteraction } from './planned-interaction.ts';
import { VerifierError, verifyPacts, type VerifierLaunch, type VerifierResult } from './run-verifier.ts';
import { setUpInteraction, type SetUpContext } from './set-up-state.ts';
import { startVerifierProxy, type SentRequest } from './verifier-proxy.ts';

export interface VerifierContext extends SetUpContext {
  readonly verifier: VerifierLaunch;
  /** Added to each request of a pact. */
  readonly headers: readonly HeaderLine[];
}

const STATE = 'prepared';

/** An interaction with what is known of it so far. */
interface OpenInteraction {
  readonly planned: VerifiableInteraction;
  sent: SentRequest[];
  result: VerifierResult | undefined;
  error: unknown;
}

/**
 * Verifies interactions in one run of Pact's verifier. An interaction that Pact cannot read may end the verifier or keep it
 * from verifying others, so interactions without a result are verified again in halves.
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
    await verifyGroup(all, context);
    isComplete = true;
  } finally {
    all.filter(({ sent }) => isComplete || sent.length > 0).forEach(onVerified);
  }
}

async function verifyGroup(group: readonly OpenInteraction[], context: VerifierContext): Promise<void> {
  if (group.length === 0) return;
  try {
    await runVerifierOnce(group, context);
  } catch (error) {
    if (!(error instanceof VerifierError) || context.verifier.signal.aborted) throw error;
    if (group.length === 1) for (const one of group) one.error ??= error;
  }
  const open = group.filter(({ result, error }) => result === undefined && error === undefined);
  if (group.length === 1) return;
  const middle = Math.ceil(open.length / 2);
  await verifyGroup(open.slice(0, middle), context);
  await verifyGroup(open.slice(middle), context);
}

async function runVerifierOnce(group: readonly OpenInteraction[], context: VerifierContext): Promise<void> {
  const { basePath, headers, send, verifier } = context;
  const proxy = await startVerifierProxy({
    send,
    basePath,
    headers,
    mayWriteTo: (id) => mayWriteTo(id, context),
    async prepare(index) {
      verifier.signal.throwIfAborted();
      const current = at(group, index);
      current.sent = [];
      return setUpInteraction(current.planned, context, (sent) => current.sent.push(sent));
    },
    onSent: (index, request) => at(group, index).sent.push(request),
    onError: (index, error) => {
      at(group, index).error = error;
    },
  });
  try {
    const target = { providerBaseUrl: proxy.url, stateUrl: proxy.stateUrl };
    const documents = group.map(({ planned }, index) => numberedDocument(planned, index));
    const results = await verifyPacts(documents, target, verifier);
    const byNumber = new Map(results.map((result) => [result.description, result]));
    for (const [index, one] of group.entries()) one.result = byNumber.get(numberOf(index));
  } finally {
    await proxy.close();
  }
  const end = group.map(({ error }) => error).find(isEndOfRun);
  if (end !== undefined) throw end;
  verifier.signal.throwIfAborted();
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
        ...(request !== undefined && { request: withoutFraming(request) }),
        ...(response !== undefined && { response }),
      },
    ],
    metadata: versionMetadata(pact),
  };
}

/** Headers of a connection. A wrong length would make the verifier wait for minutes. */
const FRAMING =
  /^(content-length|transfer-encoding|connection|keep-alive|expect|upgrade|te|trailer|proxy-.*|host)$/i;

function withoutFraming(request: unknown): unknown {
  const { headers } = objectIn(request);
  if (!isObject(headers)) return request;
  const kept = Object.entries(headers).filter(([name]) => !FRAMING.test(name));
  return { ...objectIn(request), headers: Object.fromEntries(kept) };
}
