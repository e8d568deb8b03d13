import { providerStates, type ProviderState, type SkipReason, type StateRecipe } from '../../core/index.ts';
import type { Permission, StateRequest } from '../../core/client/index.ts';
import type { PactInteraction } from './pact-file.ts';

/** How the state of an interaction is set up, or why it cannot be. */
export type StatePlan =
  | {
      readonly kind: 'recipe';
      readonly id: string;
      readonly caller: string;
      readonly setUp?: NonNullable<StateRecipe['setUp']>;
    }
  | {
      readonly kind: 'state-endpoint';
      readonly states: readonly StateRequest[];
      /** Default values, if the state endpoint returns none. */
      readonly id: string;
      readonly caller: string;
    }
  | SkipPlan;

export interface SkipPlan {
  readonly kind: 'skip';
  readonly reason: SkipReason;
  readonly details: Readonly<Record<string, string>>;
}

export interface StateContext {
  readonly managedClient: string;
  /** An id that no tenant has. */
  readonly unknownManagedClient: string;
  /** Types that the managed client has reported; empty if they are not known yet. */
  readonly types: readonly string[];
  readonly hasToken: (caller: string) => boolean;
  readonly allows: (permission: Permission) => boolean;
  readonly hasStateEndpoint: boolean;
}

/** Plans the set-up of an interaction's state: by the state endpoint of the target, or by a recipe. */
export function planState(interaction: PactInteraction, context: StateContext): StatePlan {
  const { providerStates: states = [] } = interaction;
  const [state] = states;
  if (state === undefined) return { kind: 'recipe', id: context.managedClient, caller: 'user' };
  const known = knownState(state.name);
  if (context.hasStateEndpoint) return { kind: 'state-endpoint', states, ...defaultsOf(known, context) };
  // The recipes of two states may contradict each other.
  if (known === undefined || states.length > 1) {
    return skip('unknown-state', { state: states.map(({ name }) => name).join('" and "') });
  }
  return planRecipe(known.recipe, interaction, context);
}

/** A state of the harness; undefined for states of other consumers. */
export function knownState(name: string): ProviderState | undefined {
  return (providerStates as Record<string, ProviderState>)[name];
}

/** Whether a state needs a state endpoint or exhausts the quota of a caller. Such interactions are published separately. */
export function needsArrangement({ providerStates: [state] = [] }: PactInteraction): boolean {
  const recipe = knownState(state?.name ?? '')?.recipe;
  return recipe !== undefined && ('unreachable' in recipe || recipe.setUp === 'exhaust-quota');
}

function defaultsOf(state: ProviderState | undefined, context: StateContext): { id: string; caller: string } {
  const recipe = state?.recipe;
  if (recipe === undefined || 'unreachable' in recipe) return { id: context.managedClient, caller: 'user' };
  return { id: idOf(recipe, context), caller: recipe.caller };
}

function idOf({ managedClient }: StateRecipe, context: StateContext): string {
  return managedClient === 'known' ? context.managedClient : context.unknownManagedClient;
}

const permissionOf = { 'report-example': 'write', 'exhaust-quota': 'load' } as const;

function planRecipe(
  recipe: ProviderState['recipe'],
  { request, response: { status } }: PactInteraction,
  context: StateContext,
): StatePlan {
  if ('unreachable' in recipe) return skip('unreachable-state', { reason: recipe.unreachable });
  const { caller, setUp } = recipe;
  const permission = setUp && permissionOf[setUp];
  if (permission !== undefined && !context.allows(permission)) return skip('not-allowed', { permission });
  if (!context.hasToken(caller)) return skip('no-principal', { principal: caller });
  // A type can be read only if the managed client has reported it.
  if (status === 200 && setUp === undefined && !areReported(request.query?.['type'], context.types)) {
    return skip('unreachable-state', { reason: 'type-not-reported' });
  }
  return { kind: 'recipe', id: idOf(recipe, context), caller, ...(setUp && { setUp }) };
}

export function skip(reason: SkipReason, details: Readonly<Record<string, string>>): SkipPlan {
  return { kind: 'skip', reason, details };
}

function areReported(types: readonly string[] | undefined, reported: readonly string[]): boolean {
  return types === undefined || reported.length === 0 || types.every((type) => reported.includes(type));
}
