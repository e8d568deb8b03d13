import {
  ARRANGED_PROVIDER,
  INVALID_TOKEN,
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
import type { PactFile, PactInteraction } from './pact-file.ts';
import { planState, skip, type SkipPlan, type StateContext, type StatePlan } from './state-recipes.ts';

export interface PlanContext extends Pick<StateContext, 'managedClient' | 'unknownManagedClient' | 'types'> {
  readonly permissions: Permissions;
  readonly tokens: TokenStore;
  /** Sets up a provider state. Undefined if the target has no state endpoint. */
  readonly setUpState: ((state: StateRequest) => Promise<StateValues>) | undefined;
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
  readonly state: Exclude<StatePlan, SkipPlan>;
}

/** Callers that need no token of a principal. */
const WITHOUT_TOKEN: readonly string[] = [INVALID_TOKEN, NO_TOKEN];

/** Plans all interactions in the order of their verification. Those that exhaust a quota come last. */
export function planInteractions(pacts: readonly PactFile[], context: PlanContext): PlannedInteraction[] {
  const { permissions, tokens, setUpState } = context;
  const stateContext: StateContext = {
    ...context,
    hasToken: (caller) => WITHOUT_TOKEN.includes(caller) || tokens.has(caller),
    allows: (permission) => permissions.allows(permission),
    // A state endpoint changes the target, so it needs the permission to write.
    hasStateEndpoint: setUpState !== undefined && permissions.allows('write'),
  };
  const planned = pacts.flatMap((pact) =>
    pact.interactions.map((interaction): PlannedInteraction => ({
      name: nameOf(interaction, pact, pacts),
      pact,
      interaction,
      state: planInteraction(interaction, pact, stateContext),
    })),
  );
  return [...planned.filter((one) => !exhaustsQuota(one)), ...planned.filter(exhaustsQuota)];
}

export function isVerifiable(planned: PlannedInteraction): planned is VerifiableInteraction {
  return planned.state.kind !== 'skip';
}

export function exhaustsQuota({ state }: PlannedInteraction): boolean {
  return state.kind === 'recipe' && state.setUp === 'exhaust-quota';
}

const PROVIDERS: readonly string[] = [PROVIDER, ARRANGED_PROVIDER];

function planInteraction(
  interaction: PactInteraction,
  { provider }: PactFile,
  context: StateContext,
): StatePlan {
  if (!PROVIDERS.includes(provider.name)) return skip('other-provider', { provider: provider.name });
  if (interaction.type !== 'Synchronous/HTTP') return skip('unsupported-pact', {});
  const { method, path } = interaction.request;
  // Pacts of unknown origin must not send requests outside the API.
  if (operationOf(method, path) === undefined) return skip('no-operation', { method, path });
  const permission = permissionFor(method);
  return context.allows(permission) ? planState(interaction, context) : skip('not-allowed', { permission });
}

/** Consumer and description, with the consumer version and the state if they are needed to be unique. */
function nameOf(interaction: PactInteraction, pact: PactFile, pacts: readonly PactFile[]): string {
  const { consumer, provider, origin, interactions } = pact;
  const versions = pacts.filter(
    (one) => one.consumer.name === consumer.name && one.provider.name === provider.name,
  );
  const version = versions.length > 1 && origin !== undefined ? ` ${origin.consumerVersion}` : '';
  const sameDescription = interactions.filter(({ description }) => description === interaction.description);
  const [state] = interaction.providerStates ?? [];
  const suffix = sameDescription.length > 1 && state !== undefined ? ` (${state.name})` : '';
  const pending = origin?.isPending === true ? ' [pending]' : '';
  return `${consumer.name}${version}${pending}: ${interaction.description}${suffix}`;
}
