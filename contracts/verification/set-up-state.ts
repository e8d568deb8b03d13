import {
  buildRequest,
  INVALID_TOKEN,
  NO_TOKEN,
  typeQuery,
  type DocumentedStatus,
  type Expectation,
  type MutationInfo,
  type OperationId,
  type Quota,
  type StateRecipe,
  type StateValues,
} from '../../core/index.ts';
import type { RequestSpec, Send } from '../../core/client/index.ts';
import type { PactInteraction } from './pact-file.ts';
import type { PlanContext, VerifiableInteraction } from './planned-interaction.ts';
import { knownState } from './state-recipes.ts';
import type { PreparedInteraction, SentRequest } from './verifier-proxy.ts';

export interface SetUpContext extends PlanContext {
  readonly send: Send;
  /** Sends without throttling, to exhaust a quota. */
  readonly sendUnthrottled: Send;
  readonly quota: Quota;
}

export interface SetUpResult {
  readonly prepared: PreparedInteraction;
  /** The requests that set up the state. */
  readonly sent: readonly SentRequest[];
}

/** The name of the caller whose token the state endpoint returned. */
const STATE_CALLER = 'contract state';

/** Sets up the state of an interaction. @throws if that fails */
export async function setUpInteraction(
  { interaction, state }: VerifiableInteraction,
  context: SetUpContext,
): Promise<SetUpResult> {
  const intent = { expectation: expectationFor(interaction.response.status), ...mutationOf(interaction) };
  if (state.kind === 'recipe') {
    const { id, caller, setUp } = state;
    const sent = setUp === undefined ? [] : await setUps[setUp](interaction, { id, caller }, context);
    return { prepared: { id, caller, ...intent }, sent };
  }
  const { setUpState, tokens } = context;
  if (setUpState === undefined) throw new Error('the target has no state endpoint');
  let values: StateValues = {};
  for (const one of state.states) values = { ...values, ...(await setUpState(one)) };
  const { id = state.id, token } = values;
  const prepared = { id, caller: state.caller, values: { ...values }, ...intent };
  if (!token) {
    if (isPrincipal(state.caller) && !tokens.has(state.caller)) throw new NoPrincipalError(state.caller);
    return { prepared, sent: [] };
  }
  tokens.add(STATE_CALLER, token);
  return { prepared: { ...prepared, caller: STATE_CALLER }, sent: [] };
}

/** The state endpoint returned no token, and there are no credentials for the principal of the state. */
export class NoPrincipalError extends Error {
  override readonly name = 'NoPrincipalError';
  readonly principal: string;

  constructor(principal: string) {
    super(`there are no credentials for ${principal}`);
    this.principal = principal;
  }
}

function isPrincipal(caller: string): boolean {
  return caller !== NO_TOKEN && caller !== INVALID_TOKEN;
}

type StateSetUp = (
  interaction: PactInteraction,
  recipient: { readonly id: string; readonly caller: string },
  context: SetUpContext,
) => Promise<SentRequest[]>;

const CONCURRENT_READS = 8;
/** The largest number of reads that exhaust the quota, in quotas. */
const MAX_QUOTAS = 2;

const setUps: Record<NonNullable<StateRecipe['setUp']>, StateSetUp> = {
  /** Reports the status that the interaction reads. */
  async 'report-example'({ response }, { id, caller }, { send }) {
    const write = specFor({ operation: 'updateManagedClientStatus', id, caller, expectation: 'accept' });
    const spec = { ...write, body: { text: JSON.stringify(response.body?.content) } };
    return [{ spec, result: await send(spec) }];
  },
  /** Reads until the first 429, at most twice the quota, because there may be no limiter. */
  async 'exhaust-quota'(_, { id, caller }, { sendUnthrottled, quota, types }) {
    const [type = 'CCG'] = types;
    const spec = specFor({
      operation: 'getManagedClientStatus',
      id,
      caller,
      expectation: 'accept-or-limited',
      query: typeQuery(type),
    });
    const sent: SentRequest[] = [];
    while (sent.length < MAX_QUOTAS * quota.limit && !sent.some(isThrottled)) {
      const count = sent.length === 0 ? 1 : CONCURRENT_READS; // the quota may still be exhausted
      const results = await Promise.all(Array.from({ length: count }, () => sendUnthrottled(spec)));
      sent.push(...results.map((result) => ({ spec, result })));
    }
    return sent;
  },
};

function isThrottled({ result }: SentRequest): boolean {
  const { answer } = result.exchange;
  return answer.kind === 'response' && answer.status === 429;
}

interface StateRequestParts {
  readonly operation: OperationId;
  readonly id: string;
  readonly caller: string;
  readonly expectation: Expectation;
  readonly query?: string;
}

function specFor({ operation, id, caller, expectation, query = '' }: StateRequestParts): RequestSpec {
  return {
    ...buildRequest(operation, { id, query }),
    authorization: { kind: 'token', of: caller },
    intent: { operation, expectation },
  };
}

const expectationByStatus: Record<DocumentedStatus, Expectation> = {
  200: 'accept',
  400: 'reject',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  429: 'limited',
  500: 'failing',
};

function expectationFor(status: number): Expectation {
  return Object.hasOwn(expectationByStatus, status)
    ? expectationByStatus[status as DocumentedStatus]
    : 'either';
}

/** The mutation that the state of an interaction is equivalent to, if there is one. */
function mutationOf({ providerStates: [state] = [], request: { method } }: PactInteraction): {
  mutation?: MutationInfo;
} {
  const name = state?.name ?? '';
  const fingerprintClass = knownState(name)?.mutation?.replace('{method}', method.toLowerCase());
  return fingerprintClass === undefined ? {} : { mutation: { name, fingerprintClass } };
}

/** Estimates the requests of set-ups. The first interaction exhausts the quota, the others send one request. */
export function estimateSetUps(
  planned: readonly VerifiableInteraction[],
  quota: Quota,
): { readonly requests: number; readonly writes: number; readonly violations: number } {
  const count = (setUp: StateRecipe['setUp']): number =>
    planned.filter(({ state }) => state.kind === 'recipe' && state.setUp === setUp).length;
  const writes = count('report-example');
  const exhausting = count('exhaust-quota');
  const reads = exhausting === 0 ? 0 : quota.limit + exhausting;
  return { requests: writes + reads, writes, violations: Math.min(exhausting, 1) };
}
