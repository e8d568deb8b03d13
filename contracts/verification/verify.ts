import {
  doubt,
  outcomeOf,
  providerStates,
  judgementOf,
  violation,
  type Asked,
  type CellNote,
  type Expectation,
  type Judged,
  type Outcome,
  type ProviderState,
  type StateName,
  type StateValues,
} from '../index.ts';
import {
  judgeSent,
  permissionFor,
  TokenRefusedError,
  type Guard,
  type Send,
  type TokenBook,
} from '../target/index.ts';
import { readPacts, type PactFile, type PactInteraction } from './pact-file.ts';
import { reachState, type Reached } from './reach-state.ts';
import { runVerifier, type VerifierResult } from './run-verifier.ts';
import { openTap, type Expected, type Tapped } from './tap.ts';

export interface VerifyOptions {
  /** The folder of the pacts. */
  readonly pacts: string;
  /** A managed client that exists. */
  readonly client: string;
  /** Types that it has reported; empty where that is not known yet. */
  readonly types: readonly string[];
  readonly send: Send;
  readonly guard: Guard;
  readonly tokens: TokenBook;
  /** Brings the target into a state; undefined where it has no endpoint for that. */
  readonly arrange: ((state: StateName) => Promise<StateValues>) | undefined;
  /** The script of the verifier's process. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const LAYER = 'contracts';
const STATE = 'prepared';
const CALLER = 'contract state';

interface Entry {
  readonly pact: PactFile;
  readonly interaction: PactInteraction;
  readonly reached: Reached;
}

/**
 * Verifies pacts against a target with Pact's verifier, and hands the same traffic to the judge: a contract that is
 * too loose does not hide a broken promise. Yields one outcome for each interaction.
 * @throws {PactFileError | VerifierError | TokenRefusedError}
 */
export async function* verify(options: VerifyOptions): AsyncGenerator<Outcome> {
  const entries = listEntries(await readPacts(options.pacts), options);
  for (const entry of entries) {
    if (entry.reached.kind === 'obstacle') yield notVerifiable(entry, entry.reached);
  }
  const possible = entries.filter(({ reached }) => reached.kind !== 'obstacle');
  if (possible.length === 0) return;
  const traffic = new Map<number, Tapped[]>();
  const troubles: unknown[] = [];
  const tap = await openTap({
    send: options.send,
    prepare: (index) => prepare(possible[index], options),
    onExchange: (index, tapped) => traffic.set(index, [...(traffic.get(index) ?? []), tapped]),
    onTrouble: (error) => troubles.push(error),
  });
  try {
    const { script, env, signal } = options;
    const run = { script, env, signal, providerBaseUrl: tap.url, stateUrl: tap.stateUrl, state: STATE };
    const results = await runVerifier({ ...run, pacts: withOwnState(possible) });
    const refused = troubles.find((trouble) => trouble instanceof TokenRefusedError);
    if (refused !== undefined) throw refused;
    yield* possible.map((entry, index) =>
      outcomeOfEntry(entry, traffic.get(index) ?? [], resultOf(entry, index, results)),
    );
  } finally {
    await tap.close();
  }
}

/** Requests and writes that a verification sends. */
export async function planVerify(
  options: Pick<VerifyOptions, 'pacts' | 'client' | 'types' | 'guard' | 'tokens' | 'arrange'>,
): Promise<{ readonly requests: number; readonly writes: number }> {
  const entries = listEntries(await readPacts(options.pacts), options);
  const possible = entries.filter(({ reached }) => reached.kind !== 'obstacle');
  const writes = possible.filter(({ interaction }) => permissionFor(interaction.request.method) === 'write');
  return { requests: possible.length, writes: writes.length };
}

function listEntries(
  pacts: readonly PactFile[],
  {
    guard,
    tokens,
    client,
    types,
    arrange,
  }: Pick<VerifyOptions, 'guard' | 'tokens' | 'client' | 'types' | 'arrange'>,
): Entry[] {
  const means = {
    client,
    types,
    hasToken: (caller: string) => tokens.has(caller),
    hasStateEndpoint: arrange !== undefined,
  };
  return pacts.flatMap((pact) =>
    pact.interactions.map((interaction) => {
      const permission = permissionFor(interaction.request.method);
      const reached: Reached = guard.allows(permission)
        ? reachState(interaction, means)
        : { kind: 'obstacle', reason: 'not-allowed', details: { permission } };
      return { pact, interaction, reached };
    }),
  );
}

/** Pacts of what can be verified only, each interaction with our own state, which says its number. */
function withOwnState(entries: readonly Entry[]): PactFile[] {
  const pacts = new Map<PactFile, PactInteraction[]>();
  for (const [index, { pact, interaction }] of entries.entries()) {
    const own = [{ name: STATE, params: { interaction: index } }];
    const description = numbered(index, interaction);
    pacts.set(pact, [...(pacts.get(pact) ?? []), { ...interaction, description, providerStates: own }]);
  }
  return [...pacts].map(([pact, interactions]) => ({ ...pact, interactions }));
}

async function prepare(entry: Entry | undefined, { arrange, tokens }: VerifyOptions): Promise<Expected> {
  if (entry === undefined || entry.reached.kind === 'obstacle')
    throw new Error('there is no such interaction');
  const expected = {
    expectation: expectationFor(entry.interaction.response.status),
    ...cellOf(entry.interaction),
  };
  if (entry.reached.kind === 'reached') return { ...entry.reached, ...expected };
  if (arrange === undefined) throw new Error('the target has no state endpoint');
  const { id, token } = await arrange(entry.reached.state as StateName);
  tokens.adopt(CALLER, token);
  return { id, caller: CALLER, ...expected };
}

/** The cell that a state amounts to, if it bends the request at all. */
function cellOf({ providerStates: states, request }: PactInteraction): { cell?: CellNote } {
  const [state] = states ?? [];
  const known: ProviderState | undefined = (providerStates as Record<string, ProviderState>)[
    state?.name ?? ''
  ];
  const group = known?.bends?.replace('{method}', request.method.toLowerCase());
  return group === undefined ? {} : { cell: { id: state?.name ?? '', group } };
}

const byStatus: Record<number, Expectation> = {
  200: 'accept',
  400: 'reject',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  429: 'limited',
  500: 'failing',
};

function expectationFor(status: number): Expectation {
  return byStatus[status] ?? 'either';
}

/** Descriptions are unique together with their state only, and our own state is the same for all. */
function numbered(index: number, { description }: PactInteraction): string {
  return `#${index} ${description}`;
}

function resultOf(
  { interaction }: Entry,
  index: number,
  results: readonly VerifierResult[],
): VerifierResult | undefined {
  return results.find(({ description }) => description === numbered(index, interaction));
}

function nameOf({ pact, interaction }: Entry): { layer: string; what: string; group: string } {
  const { name } = pact.consumer;
  return {
    layer: LAYER,
    what: `${name}: ${interaction.description}`,
    group: `${name}: ${interaction.description}`,
  };
}

function notVerifiable(entry: Entry, { reason, details }: Reached & { kind: 'obstacle' }): Outcome {
  return { kind: 'not-verifiable', ...nameOf(entry), reason, details };
}

function outcomeOfEntry(
  entry: Entry,
  traffic: readonly Tapped[],
  result: VerifierResult | undefined,
): Outcome {
  const judged = traffic.flatMap(({ step, sent }) => judgeSent(step, sent));
  const isClear = judged.length > 0 && judged.every(({ judgement }) => judgement.doubts.length === 0);
  const failed =
    result !== undefined && !result.isOk && isClear ? [contractJudged(entry, result, judged)] : [];
  const requests = traffic.reduce((sum, { sent }) => sum + 1 + sent.passedOver.length, 0);
  const attempt = { ...nameOf(entry), rerun: { layer: LAYER } };
  if (result === undefined || judged.length === 0) {
    // Without a result of the verifier or an exchange nothing was verified, and the report has to say why.
    const why = judged.length === 0 ? 'its state could not be reached' : 'the verifier gave no result for it';
    const doubts = [doubt('run.aborted', { why })];
    return { kind: 'inconclusive', ...attempt, findings: [], doubts, requests };
  }
  return outcomeOf(attempt, [...judged, ...failed], requests);
}

/** A broken contract is a finding, unless the surroundings answered instead of the service. */
function contractJudged(
  { pact, interaction }: Entry,
  { mismatches }: VerifierResult,
  judged: readonly Judged[],
): Judged {
  const shown = judged.at(-1);
  const name = `${pact.consumer.name}: ${interaction.description}`;
  const details = {
    interaction: `${name} → ${interaction.response.status}`,
    mismatch: mismatches.join('; '),
  };
  const asked: Asked = shown?.asked ?? { operation: undefined, expectation: 'either', clientKnown: true };
  return {
    asked,
    judgement: judgementOf([violation('contract.interaction.failed', { site: name, details })]),
    ...(shown?.exchange && { exchange: shown.exchange }),
  };
}
