import { providerStates, UNKNOWN_ID, type ObstacleCode, type ProviderState } from '../index.ts';
import type { PactInteraction } from './pact-file.ts';

/** Where an interaction is sent and as whom, or why it cannot be verified here. */
export type Reached =
  | { readonly kind: 'reached'; readonly id: string; readonly caller: string }
  | { readonly kind: 'arrange'; readonly state: string }
  | {
      readonly kind: 'obstacle';
      readonly reason: ObstacleCode;
      readonly details: Readonly<Record<string, string>>;
    };

export interface StateMeans {
  readonly client: string;
  readonly types: readonly string[];
  readonly hasToken: (caller: string) => boolean;
  readonly hasStateEndpoint: boolean;
}

/** The caller whose token nobody issued. */
export const GARBAGE = 'garbage';

/** How the state of an interaction is reached: by the target's own endpoint, or by a recipe. */
export function reachState(interaction: PactInteraction, means: StateMeans): Reached {
  const { providerStates: states } = interaction;
  const [state] = states ?? [];
  if (state === undefined) return { kind: 'reached', id: means.client, caller: 'user' };
  if (means.hasStateEndpoint) return { kind: 'arrange', state: state.name };
  const known = (providerStates as Record<string, ProviderState>)[state.name];
  if (known === undefined) return obstacle('unknown-state', { state: state.name });
  return byRecipe(known.recipe, interaction, means);
}

function byRecipe(
  recipe: ProviderState['recipe'],
  { request, response: { status } }: PactInteraction,
  means: StateMeans,
): Reached {
  if ('impossible' in recipe) return obstacle('unreachable-state', { obstacle: recipe.impossible });
  const { caller, client } = recipe;
  if (caller !== GARBAGE && !means.hasToken(caller)) return obstacle('no-principal', { principal: caller });
  if (status === 200 && !isReported(request.query?.['type'], means.types)) {
    return obstacle('unreachable-state', { obstacle: 'type-not-reported' });
  }
  const id = client === 'known' ? means.client : UNKNOWN_ID;
  return { kind: 'reached', id, caller };
}

function obstacle(reason: ObstacleCode, details: Readonly<Record<string, string>>): Reached {
  return { kind: 'obstacle', reason, details };
}

/** A read can only be served for a type that the client has reported. */
function isReported(types: readonly string[] | undefined, known: readonly string[]): boolean {
  return types === undefined || known.length === 0 || types.every((type) => known.includes(type));
}
