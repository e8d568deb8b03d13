import {
  ARRANGED_PROVIDER,
  INVALID_TOKEN,
  managedClientIn,
  NO_TOKEN,
  operationOf,
  PROVIDER,
  type StateValues,
} from '../../core/index.ts';
import {
  permissionFor,
  type Permissions,
  type StateRequest,
  type TokenStore,
} from '../../core/client/index.ts';
import type { PactFile, PactInteraction } from '../pact-files/pact-file.ts';
import { planState, skip, type RequestPlan, type StateContext, type StatePlan } from './state-recipes.ts';

/** Which interactions are verified, as in Pact's verifier. */
export interface InteractionFilter {
  /** Names of consumers. Empty selects all. */
  readonly consumers: readonly string[];
  readonly description: RegExp | undefined;
  readonly state: RegExp | undefined;
}

export interface PlanContext extends Pick<
  StateContext,
  'managedClient' | 'unknownManagedClient' | 'types' | 'stateMapping'
> {
  readonly secondManagedClient: string | undefined;
  readonly isRemote: boolean;
  readonly permissions: Permissions;
  readonly tokens: TokenStore;
  /** Sets up a provider state. Undefined if the target has no state endpoint. */
  readonly setUpState: ((state: StateRequest) => Promise<StateValues>) | undefined;
  /** Whether the state endpoint is that of a team, which knows its own states. */
  readonly hasOwnStates: boolean;
  /** The provider name of the pacts. Undefined accepts any. */
  readonly provider: string | undefined;
  /** Precedes the paths of the pacts. */
  readonly basePath: string;
  readonly filter: InteractionFilter;
}

/** An interaction of a pact with the plan for its state. */
export interface PlannedInteraction {
  /** Unique within the run. */
  readonly name: string;
  readonly pact: PactFile;
  readonly interaction: PactInteraction;
  readonly state: StatePlan;
}

export interface VerifiableInteraction extends PlannedInteraction {
  readonly state: RequestPlan;
}

/** Callers that need no token of a principal. */
const WITHOUT_TOKEN: readonly string[] = [INVALID_TOKEN, NO_TOKEN];

/** Plans all interactions in the order of their verification. Those that exhaust a quota come last. */
export function planInteractions(pacts: readonly PactFile[], context: PlanContext): PlannedInteraction[] {
  const { permissions, tokens, setUpState, hasOwnStates } = context;
  // A state endpoint changes the target, so it needs the permission to write.
  const hasEndpoint = setUpState !== undefined && permissions.allows('write');
  const stateContext = {
    ...context,
    hasToken: (caller: string) => WITHOUT_TOKEN.includes(caller) || tokens.has(caller),
    allows: permissions.allows.bind(permissions),
    stateEndpoint: hasEndpoint ? (hasOwnStates ? 'any' : 'known') : undefined,
  } as const;
  const selected = pacts.filter((pact) => isSelected(pact, context.filter));
  const nameOf = namesOf(selected);
  const planned = selected.flatMap((pact) =>
    pact.interactions.map((interaction): PlannedInteraction => ({
      name: nameOf(interaction, pact),
      pact,
      interaction,
      state: planInteraction(interaction, pact, stateContext),
    })),
  );
  return [...planned.filter((one) => !exhaustsQuota(one)), ...planned.filter(exhaustsQuota)];
}

export function isVerifiable(planned: PlannedInteraction): planned is VerifiableInteraction {
  return planned.state.kind === 'request';
}

export function exhaustsQuota({ state }: PlannedInteraction): boolean {
  return state.kind === 'request' && state.setUp === 'exhaust-quota';
}

function isSelected({ consumer }: PactFile, { consumers }: InteractionFilter): boolean {
  return consumers.length === 0 || consumers.includes(consumer.name);
}

function passesFilter({ description, states }: PactInteraction, filter: InteractionFilter): boolean {
  const { description: wanted, state } = filter;
  if (wanted !== undefined && !wanted.test(description)) return false;
  return state === undefined || states.some(({ name }) => state.test(name));
}

type InteractionContext = PlanContext & StateContext;

function planInteraction(
  interaction: PactInteraction,
  { provider }: PactFile,
  context: InteractionContext,
): StatePlan {
  const isOurs = context.provider === undefined || provider.name === context.provider;
  const isArranged = provider.name === ARRANGED_PROVIDER && context.provider === PROVIDER;
  if (!isOurs && !isArranged) return skip('other-provider', { provider: provider.name });
  if (!passesFilter(interaction, context.filter)) return skip('filtered', {});
  if (interaction.kind === 'message') return skip('message', {});
  if (interaction.kind === 'plugin') return skip('plugin', { plugin: interaction.plugin ?? '' });
  if (interaction.kind === 'malformed')
    return { kind: 'inconclusive', reason: 'pact.malformed', details: {} };
  const { method } = interaction.request;
  const path = `${context.basePath}${interaction.request.path}`;
  // Pacts of unknown origin must not send requests outside the API.
  if (operationOf(method, path) === undefined) return skip('no-operation', { method, path });
  const permission = permissionFor(method);
  if (!context.allows(permission)) return skip('not-allowed', { permission });
  const plan = planState(interaction, context);
  const id = managedClientIn(path);
  const isForeignWrite = plan.kind === 'request' && plan.id === undefined && permission === 'write';
  if (isForeignWrite && !mayWriteTo(id, context)) return skip('other-managed-client', { id });
  return plan;
}

/**
 * Whether a request without a state may write to a managed client. Its id is sent as it is, and a deployed target may have a
 * managed client with that id.
 */
export function mayWriteTo(
  id: string,
  {
    isRemote,
    managedClient,
    secondManagedClient,
  }: Pick<PlanContext, 'isRemote' | 'managedClient' | 'secondManagedClient'>,
): boolean {
  return !isRemote || id === managedClient || id === secondManagedClient;
}

/**
 * Names interactions by consumer and description, with the consumer version, the state and a number if they are needed to
 * be unique.
 */
function namesOf(pacts: readonly PactFile[]): (interaction: PactInteraction, pact: PactFile) => string {
  const key = ({ consumer, provider }: PactFile): string => JSON.stringify([consumer.name, provider.name]);
  const versions = Map.groupBy(pacts, key);
  const used = new Map<string, number>();
  return (interaction, pact) => {
    const { consumer, origin, interactions } = pact;
    const hasVersions = (versions.get(key(pact))?.length ?? 0) > 1;
    const version = hasVersions && origin !== undefined ? ` ${origin.consumerVersion}` : '';
    const same = interactions.filter(({ description }) => description === interaction.description);
    const [state] = interaction.states;
    const suffix = same.length > 1 && state !== undefined ? ` (${state.name})` : '';
    const pending = origin?.isPending === true ? ' [pending]' : '';
    const name = `${consumer.name}${version}${pending}: ${interaction.description}${suffix}`;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}
