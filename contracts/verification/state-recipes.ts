import {
  NO_TOKEN,
  type InconclusiveReason,
  type ProviderState,
  type SkipReason,
  type StateRecipe,
} from '../../core/index.ts';
import type { Permission, StateRequest } from '../../core/client/index.ts';
import type { NamedState, PactInteraction } from '../pact-files/pact-file.ts';
import { knownState, mapState, misspeltName, suggestedState, type MappedState } from './state-names.ts';

/** How the states of an interaction are set up, or why they cannot be. */
export type StatePlan = RequestPlan | SkipPlan | InconclusivePlan;

/** The changes to the request of an interaction. */
export interface RequestPlan {
  readonly kind: 'request';
  /** The managed client that the states ask for. Undefined leaves that of the pact. */
  readonly id: string | undefined;
  readonly caller: string;
  readonly setUp?: StateRecipe['setUp'];
  /** The states to request from the state endpoint. Undefined if requests of the harness set them up. */
  readonly endpointStates?: readonly StateRequest[];
  /** The states if the harness knows all of them. It then knows which response is right. */
  readonly knownStates: readonly NamedState[];
}

export interface SkipPlan {
  readonly kind: 'skip';
  readonly reason: SkipReason;
  readonly details: Readonly<Record<string, string>>;
}

export interface InconclusivePlan {
  readonly kind: 'inconclusive';
  readonly reason: InconclusiveReason;
  readonly details: Readonly<Record<string, string>>;
}

export interface StateContext {
  readonly managedClient: string;
  /** An id that no tenant has. */
  readonly unknownManagedClient: string;
  /** Types that the managed client has reported; empty if they are not known yet. */
  readonly types: readonly string[];
  readonly stateMapping: readonly MappedState[];
  readonly hasToken: (caller: string) => boolean;
  readonly allows: (permission: Permission) => boolean;
  /** The states that the state endpoint of the target knows: those of the harness, or any. */
  readonly stateEndpoint: 'known' | 'any' | undefined;
}

/** Plans the states of an interaction: by the state endpoint of the target, or by requests. */
export function planState(interaction: PactInteraction, context: StateContext): StatePlan {
  const states = interaction.states.map((state) => mapState(state, context.stateMapping));
  if (states.length === 0) return asWritten(interaction);
  const recipes = states.map(({ name }) => knownState(name)?.recipe);
  const unknown = states.find((_, index) => recipes[index] === undefined);
  if (unknown !== undefined) {
    return context.stateEndpoint === 'any'
      ? asWritten(interaction, states)
      : unknownState(unknown.name, context.stateMapping);
  }
  const known = recipes.filter((recipe) => recipe !== undefined);
  const combined = combineRecipes(known);
  if (combined === undefined) {
    const names = states.map(({ name }) => name).join('" and "');
    return { kind: 'inconclusive', reason: 'state.contradiction', details: { states: names } };
  }
  if (context.stateEndpoint !== undefined) {
    return { kind: 'request', ...defaultsOf(combined, context), endpointStates: states, knownStates: states };
  }
  return planRecipe(combined, states, interaction, context);
}

/**
 * A request that is sent as it is in the pact, except for the token. A pact that expects 401 decides about the token
 * itself.
 */
function asWritten({ response }: PactInteraction, endpointStates?: readonly NamedState[]): RequestPlan {
  const caller = response.status === 401 ? NO_TOKEN : 'user';
  return {
    kind: 'request',
    id: undefined,
    caller,
    ...(endpointStates && { endpointStates }),
    knownStates: [],
  };
}

function unknownState(state: string, mapping: readonly MappedState[]): InconclusivePlan {
  const misspelt = misspeltName(state, mapping);
  const details = { state, suggested: suggestedState(state), ...(misspelt !== undefined && { misspelt }) };
  return { kind: 'inconclusive', reason: 'state.unknown', details };
}

/** Whether a state needs a state endpoint or exhausts the quota of a caller. Such interactions are published separately. */
export function needsArrangement({ states: [state] }: PactInteraction): boolean {
  const recipe = knownState(state?.name ?? '')?.recipe;
  return recipe !== undefined && ('unreachable' in recipe || recipe.setUp === 'exhaust-quota');
}

type Recipe = ProviderState['recipe'];

/** The recipe that meets several states; undefined if they need different managed clients, callers or set-ups. */
function combineRecipes(recipes: readonly Recipe[]): Recipe | undefined {
  const unreachable = recipes.find((recipe) => 'unreachable' in recipe);
  if (unreachable !== undefined) return unreachable;
  const reachable = recipes.flatMap((recipe) => ('unreachable' in recipe ? [] : [recipe]));
  const values = (pick: (recipe: StateRecipe) => string | undefined): string[] => [
    ...new Set(reachable.map(pick).filter((value) => value !== undefined)),
  ];
  const setUps = values(({ setUp }) => setUp);
  const isOne =
    values(({ managedClient }) => managedClient).length === 1 && values(({ caller }) => caller).length === 1;
  if (!isOne || setUps.length > 1) return undefined;
  return reachable.find(({ setUp }) => setUp === setUps[0]);
}

function defaultsOf(recipe: Recipe, context: StateContext): { id: string; caller: string } {
  if ('unreachable' in recipe) return { id: context.managedClient, caller: 'user' };
  return { id: idOf(recipe, context), caller: recipe.caller };
}

function idOf({ managedClient }: StateRecipe, context: StateContext): string {
  return managedClient === 'known' ? context.managedClient : context.unknownManagedClient;
}

const permissionOf = { 'report-example': 'write', 'exhaust-quota': 'load' } as const;

function planRecipe(
  recipe: Recipe,
  states: readonly NamedState[],
  { request, response: { status } }: PactInteraction,
  context: StateContext,
): StatePlan {
  if ('unreachable' in recipe) return skip('unreachable-state', { reason: recipe.unreachable });
  const { caller, setUp } = recipe;
  const permission = setUp && permissionOf[setUp];
  if (permission !== undefined && !context.allows(permission)) return skip('not-allowed', { permission });
  if (!context.hasToken(caller)) return skip('no-principal', { principal: caller });
  // A type can be read only if the managed client has reported it.
  if (status === 200 && setUp === undefined && !areReported(request.query['type'], context.types)) {
    return skip('unreachable-state', { reason: 'type-not-reported' });
  }
  return { kind: 'request', id: idOf(recipe, context), caller, ...(setUp && { setUp }), knownStates: states };
}

export function skip(reason: SkipReason, details: Readonly<Record<string, string>>): SkipPlan {
  return { kind: 'skip', reason, details };
}

function areReported(types: readonly string[] | undefined, reported: readonly string[]): boolean {
  return types === undefined || reported.length === 0 || types.every((type) => reported.includes(type));
}
