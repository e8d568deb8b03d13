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
import type { RequestSpec, Send, StateRequest } from '../../core/client/index.ts';
import type { PactInteraction } from '../pact-files/pact-file.ts';
import type { PlanContext, VerifiableInteraction } from './planned-interaction.ts';
import { knownState } from './state-names.ts';
import type { OwnWrites } from './own-writes.ts';
import type { RequestPlan } from './state-recipes.ts';
import { maxRequestsToExhaust, type QuotaExhaustion, type RecordSent } from './quota-exhaustion.ts';
import type { PreparedInteraction } from './verifier-proxy.ts';

export interface SetUpContext extends PlanContext {
  readonly send: Send;
  readonly quotaExhaustion: QuotaExhaustion;
  readonly ownWrites: OwnWrites;
}

/** The name of the caller whose token the state endpoint returned. It begins with the principal, which curl commands name. */
function stateCaller(caller: string): string {
  return `${caller} of the state`;
}

/**
 * Sets up the states of an interaction.
 * @param record receives the requests that set up the state
 * @throws if that fails
 */
export async function setUpInteraction(
  { interaction, state }: VerifiableInteraction,
  context: SetUpContext,
  record: RecordSent,
): Promise<PreparedInteraction> {
  const { id, caller, setUp, endpointStates } = state;
  const intent = { expectation: expectationFor(interaction, state), ...mutationOf(interaction, state) };
  if (endpointStates !== undefined) {
    const prepared = { ...(await requestStates(state, endpointStates, context)), ...intent };
    return intent.expectation === 'limited'
      ? { ...prepared, send: afterExhaustion(context, record) }
      : prepared;
  }
  const prepared = { id, caller, values: paramsOf(interaction.states), ...intent };
  if (setUp === undefined || id === undefined) return prepared;
  return { ...prepared, ...(await setUps[setUp](interaction, { id, caller, record }, context)) };
}

/** Sends the verified request after the state endpoint exhausted the quota. */
function afterExhaustion({ quotaExhaustion }: SetUpContext, record: RecordSent): Send {
  return async (spec) => (await quotaExhaustion.sendAfterExhaustion(limitable(spec), record)).result;
}

/** A request that the limiter may or may not throttle. */
function limitable({ intent: { operation }, ...spec }: RequestSpec): RequestSpec {
  return { ...spec, intent: { operation, expectation: 'accept-or-limited' } };
}

/** The parameters of states are values for generators, as in Pact. */
function paramsOf(states: readonly StateRequest[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...states.map(({ params }) => params)) as Record<string, unknown>;
}

/** Requests states from the state endpoint of the target. */
async function requestStates(
  { id, caller }: RequestPlan,
  states: readonly StateRequest[],
  { setUpState, tokens }: SetUpContext,
): Promise<Pick<PreparedInteraction, 'id' | 'caller' | 'values'>> {
  if (setUpState === undefined) throw new Error('the target has no state endpoint');
  let values: StateValues = {};
  for (const one of states) values = { ...values, ...(await setUpState(one)) };
  const { token, id: givenId } = values;
  const prepared = { id: givenId ?? id, values: { ...paramsOf(states), ...values } };
  if (token) {
    tokens.add(stateCaller(caller), token);
    return { ...prepared, caller: stateCaller(caller) };
  }
  if (isPrincipal(caller) && !tokens.has(caller)) throw new NoPrincipalError(caller);
  return { ...prepared, caller };
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

interface SetUpRecipient {
  readonly id: string;
  readonly caller: string;
  readonly record: RecordSent;
}

/** Sets up a state. @returns how the verified request is sent, if that is part of the state */
type StateSetUp = (
  interaction: PactInteraction,
  recipient: SetUpRecipient,
  context: SetUpContext,
) => Promise<Pick<PreparedInteraction, 'send'>>;

const setUps: Record<NonNullable<StateRecipe['setUp']>, StateSetUp> = {
  /** Reports the status that the interaction reads. */
  async 'report-example'({ request, response }, { id, caller, record }, { send, ownWrites }) {
    const write = specFor({ operation: 'updateManagedClientStatus', id, caller, expectation: 'accept' });
    const text = JSON.stringify(response.body);
    const spec = { ...write, body: { text } };
    record({ spec, result: await send(spec) });
    const operation = 'getManagedClientStatus';
    const [type = 'CCG'] = request.query['type'] ?? [];
    const read = specFor({ operation, id, caller, expectation: 'either', query: typeQuery(type) });
    await ownWrites.waitFor(text, read, record);
    return {};
  },
  /** Reads until a read is throttled. Then the verified request is repeated until it is throttled. */
  async 'exhaust-quota'(_, { id, caller, record }, { quotaExhaustion, types }) {
    const [type = 'CCG'] = types;
    const expectation = 'accept-or-limited';
    const operation = 'getManagedClientStatus';
    const read = specFor({ operation, id, caller, expectation, query: typeQuery(type) });
    record(await quotaExhaustion.sendUntilThrottled(caller, read, record));
    return {
      async send(spec) {
        return (await quotaExhaustion.sendUntilThrottled(caller, limitable(spec), record)).result;
      },
    };
  },
};

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

/**
 * The documented response to a request. Without states of the harness, only the contract knows which response is right; a
 * matching rule for the status accepts more than the example.
 */
function expectationFor(
  { response: { status, hasStatusRule } }: PactInteraction,
  { knownStates, caller }: RequestPlan,
): Expectation {
  const documented = Object.hasOwn(expectationByStatus, status)
    ? expectationByStatus[status as DocumentedStatus]
    : 'either';
  if (!isStateFor(documented, knownStates)) return 'either-or-refused';
  const isForced = status === 429 || status >= 500;
  const isAsWritten = knownStates.length === 0;
  if (isForced || (isAsWritten && status === 401 && caller === NO_TOKEN)) return documented;
  if (isAsWritten && (status === 401 || status === 403)) return 'either-or-refused';
  return isAsWritten || (hasStatusRule && documented !== 'accept') ? 'either' : documented;
}

/** Whether known states explain a refusal. If they do not, only the contract expects it, and the API is not accused. */
function isStateFor(expectation: Expectation, states: RequestPlan['knownStates']): boolean {
  const recipes = states.flatMap(({ name }) => knownState(name)?.recipe ?? []);
  const reachable = recipes.flatMap((recipe) => ('unreachable' in recipe ? [] : [recipe]));
  // A state that only an endpoint sets up may mean anything.
  if (reachable.length === 0 || reachable.length < recipes.length) return true;
  if (expectation === 'not-found') return reachable.some(({ managedClient }) => managedClient === 'unknown');
  if (expectation === 'unauthorized') return reachable.some(({ caller }) => !isPrincipal(caller));
  return expectation !== 'forbidden' || reachable.some(({ caller }) => caller !== 'user');
}

/** The mutation that the state of an interaction is equivalent to, if there is one. */
function mutationOf(
  { request: { method } }: PactInteraction,
  { knownStates: [state, ...others] }: RequestPlan,
): { mutation?: MutationInfo } {
  const name = state?.name ?? '';
  const fingerprintClass = knownState(name)?.mutation?.replace('{method}', method.toLowerCase());
  const hasMutation = fingerprintClass !== undefined && others.length === 0;
  return hasMutation ? { mutation: { name, fingerprintClass } } : {};
}

/** The largest number of requests of set-ups. The first interaction exhausts the quota, the others send a few requests. */
export function estimateSetUps(
  planned: readonly VerifiableInteraction[],
  quota: Quota,
): { readonly requests: number; readonly writes: number; readonly violations: number } {
  const count = (setUp: StateRecipe['setUp']): number =>
    planned.filter(({ state }) => state.setUp === setUp).length;
  const writes = count('report-example');
  const exhausting = count('exhaust-quota');
  const reads = exhausting === 0 ? 0 : maxRequestsToExhaust(quota) + exhausting;
  // Each write is read once; an eventually consistent service needs more reads.
  return { requests: 2 * writes + reads, writes, violations: Math.min(exhausting, 1) };
}
