import { providerStates, type ObstacleCode, type ProviderState, type Recipe } from '../../core/index.ts';
import type { Permission, StateRequest } from '../../core/client/index.ts';
import type { PactInteraction } from './pact-file.ts';

/** Where an interaction is sent and as whom, or why it cannot be verified here. */
export type Reached =
  | {
      readonly kind: 'reached';
      readonly id: string;
      readonly caller: string;
      readonly first?: NonNullable<Recipe['first']>;
    }
  | {
      readonly kind: 'arrange';
      readonly states: readonly StateRequest[];
      /** What holds where the state endpoint does not say. */
      readonly id: string;
      readonly caller: string;
    }
  | Obstacle;

export interface Obstacle {
  readonly kind: 'obstacle';
  readonly reason: ObstacleCode;
  readonly details: Readonly<Record<string, string>>;
}

export interface StateMeans {
  readonly client: string;
  /** An id that no tenant has. */
  readonly unknownClient: string;
  /** Types that the client has reported; empty where that is not known yet. */
  readonly types: readonly string[];
  readonly hasToken: (caller: string) => boolean;
  readonly allows: (permission: Permission) => boolean;
  readonly hasStateEndpoint: boolean;
}

/** How the state of an interaction is reached: by the target's own endpoint, or by a recipe. */
export function reachState(interaction: PactInteraction, means: StateMeans): Reached {
  const { providerStates: states = [] } = interaction;
  const [state] = states;
  if (state === undefined) return { kind: 'reached', id: means.client, caller: 'user' };
  const known = knownState(state.name);
  if (means.hasStateEndpoint) return { kind: 'arrange', states, ...usual(known, means) };
  // A recipe is for one state: two of them may contradict each other.
  if (known === undefined || states.length > 1) {
    return obstacle('unknown-state', { state: states.map(({ name }) => name).join('" and "') });
  }
  return byRecipe(known.recipe, interaction, means);
}

/** Our own states; a pact of somebody else may name others. */
export function knownState(name: string): ProviderState | undefined {
  return (providerStates as Record<string, ProviderState>)[name];
}

/** A state that only a state endpoint reaches, or that costs the quota of a caller: it is published apart. */
export function isForced({ providerStates: [state] = [] }: PactInteraction): boolean {
  const recipe = knownState(state?.name ?? '')?.recipe;
  return recipe !== undefined && ('impossible' in recipe || recipe.first === 'burn-the-quota');
}

function usual(state: ProviderState | undefined, means: StateMeans): { id: string; caller: string } {
  const recipe = state?.recipe;
  if (recipe === undefined || 'impossible' in recipe) return { id: means.client, caller: 'user' };
  return { id: idOf(recipe, means), caller: recipe.caller };
}

function idOf({ client }: Recipe, { client: known, unknownClient }: StateMeans): string {
  return client === 'known' ? known : unknownClient;
}

const firstNeeds = { 'report-the-example': 'write', 'burn-the-quota': 'load' } as const;

function byRecipe(
  recipe: ProviderState['recipe'],
  { request, response: { status } }: PactInteraction,
  means: StateMeans,
): Reached {
  if ('impossible' in recipe) return obstacle('unreachable-state', { obstacle: recipe.impossible });
  const { caller, first } = recipe;
  const permission = first && firstNeeds[first];
  if (permission !== undefined && !means.allows(permission)) return obstacle('not-allowed', { permission });
  if (!means.hasToken(caller)) return obstacle('no-principal', { principal: caller });
  // A read can only be served for a type that the client has reported.
  if (status === 200 && first === undefined && !isReported(request.query?.['type'], means.types)) {
    return obstacle('unreachable-state', { obstacle: 'type-not-reported' });
  }
  return { kind: 'reached', id: idOf(recipe, means), caller, ...(first && { first }) };
}

export function obstacle(reason: ObstacleCode, details: Readonly<Record<string, string>>): Obstacle {
  return { kind: 'obstacle', reason, details };
}

function isReported(types: readonly string[] | undefined, known: readonly string[]): boolean {
  return types === undefined || known.length === 0 || types.every((type) => known.includes(type));
}
