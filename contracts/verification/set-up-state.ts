import {
  GARBAGE,
  NOBODY,
  operations,
  pathOf,
  type CellNote,
  type Expectation,
  type OperationId,
  type Quota,
  type Recipe,
  type StateValues,
} from '../../core/index.ts';
import type { Send, Step } from '../../core/client/index.ts';
import type { OpenEntry, Place } from './planned-interaction.ts';
import type { PactInteraction } from './pact-file.ts';
import { knownState } from './state-recipes.ts';
import type { Expected, Tapped } from './verifier-proxy.ts';

export interface StateTools extends Place {
  readonly send: Send;
  /** Sends without pace: a quota is not used up politely. */
  readonly sendAtOnce: Send;
  readonly quota: Quota;
}

/** What the verifier is about to send, and what was sent to bring its state about. */
export interface Prepared {
  readonly expected: Expected;
  readonly before: readonly Tapped[];
}

const ARRANGED_CALLER = 'contract state';

/** Brings the target into the state of an interaction. Rejects where that fails. */
export async function prepareState(
  { interaction, reached }: OpenEntry,
  tools: StateTools,
): Promise<Prepared> {
  const asked = { expectation: expectationFor(interaction.response.status), ...cellOf(interaction) };
  if (reached.kind === 'reached') {
    const { id, caller, first } = reached;
    const before = first === undefined ? [] : await firsts[first](interaction, reached, tools);
    return { expected: { id, caller, ...asked }, before };
  }
  const { arrange, tokens } = tools;
  if (arrange === undefined) throw new Error('the target has no state endpoint');
  let values: StateValues = {};
  for (const state of reached.states) values = { ...values, ...(await arrange(state)) };
  const { id = reached.id, token } = values;
  const expected = { id, caller: reached.caller, values: { ...values }, ...asked };
  if (!token) {
    if (isPrincipal(reached.caller) && !tokens.has(reached.caller))
      throw new NoPrincipalError(reached.caller);
    return { expected, before: [] };
  }
  tokens.adopt(ARRANGED_CALLER, token);
  return { expected: { ...expected, caller: ARRANGED_CALLER }, before: [] };
}

/** The state endpoint gave no token, and nobody gave the credentials of the principal that the state is about. */
export class NoPrincipalError extends Error {
  override readonly name = 'NoPrincipalError';
  readonly principal: string;

  constructor(principal: string) {
    super(`there are no credentials of ${principal}`);
    this.principal = principal;
  }
}

function isPrincipal(caller: string): boolean {
  return caller !== NOBODY && caller !== GARBAGE;
}

type First = (
  interaction: PactInteraction,
  caller: { readonly id: string; readonly caller: string },
  tools: StateTools,
) => Promise<Tapped[]>;

const firsts: Record<NonNullable<Recipe['first']>, First> = {
  /** What the interaction wants to read is what is reported. */
  async 'report-the-example'({ response }, { id, caller }, { send }) {
    const step = request('updateManagedClientStatus', id, caller, 'accept');
    const sent = { ...step, body: { text: JSON.stringify(response.body?.content) } };
    return [{ step: sent, sent: await send(sent) }];
  },
  /** Reads until the first 429, and no more than twice the quota: without one there is nothing to burn. */
  async 'burn-the-quota'(_, { id, caller }, { sendAtOnce, quota, types }) {
    const [type = 'CCG'] = types;
    const read = request('getManagedClientStatus', id, caller, 'accept-or-limited');
    const step = { ...read, path: `${read.path}?type=${type}` };
    const burnt: Tapped[] = [];
    while (burnt.length < 2 * quota.limit && !burnt.some(isLimited)) {
      const size = burnt.length === 0 ? 1 : AT_ONCE; // alone first: the quota may still be used up
      const sent = await Promise.all(Array.from({ length: size }, () => sendAtOnce(step)));
      burnt.push(...sent.map((one) => ({ step, sent: one })));
    }
    return burnt;
  },
};

const AT_ONCE = 8;

function isLimited({ sent }: Tapped): boolean {
  const { answer } = sent.exchange;
  return answer.kind === 'response' && answer.status === 429;
}

function request(operation: OperationId, id: string, caller: string, expectation: Expectation): Step {
  const { method } = operations[operation];
  return {
    method,
    path: pathOf(operation, id),
    headers: [
      ['Accept', 'application/json'],
      ...(method === 'POST' ? [['Content-Type', 'application/json'] as const] : []),
    ],
    authorization: { kind: 'token', of: caller },
    asked: { operation, expectation },
  };
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

/** The cell that a state amounts to, if it bends the request at all. */
function cellOf({ providerStates: [state] = [], request: { method } }: PactInteraction): {
  cell?: CellNote;
} {
  const name = state?.name ?? '';
  const group = knownState(name)?.bends?.replace('{method}', method.toLowerCase());
  return group === undefined ? {} : { cell: { id: name, group } };
}
