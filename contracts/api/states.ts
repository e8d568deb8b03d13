import type { PrincipalName } from './principals.ts';

/**
 * Provider states: what has to be true before an interaction, in Pact's sense.
 * A state gives the interaction a managed client and a caller; `recipe` says how a deployed target
 * is brought there without a state endpoint, or why it cannot be.
 */
export interface ProviderState {
  readonly recipe:
    | { readonly client: 'known' | 'unknown'; readonly caller: PrincipalName | 'garbage' }
    | { readonly impossible: StateObstacle };
  /** What of a request this state bends, as the cells of the fuzzer name it: one defect has one id in both layers. */
  readonly bends?: string;
}

/** A managed client that no tenant has. */
export const UNKNOWN_ID = 'no-such-client-4f1d';

export type StateObstacle =
  'type-not-reported' | 'cannot-force-500' | 'would-burn-quota' | 'no-scopeless-principal';

export const providerStates = {
  'the managed client has reported': { recipe: { client: 'known', caller: 'user' } },
  'the managed client may be reported by the caller': { recipe: { client: 'known', caller: 'user' } },
  'the access token is not valid': {
    recipe: { client: 'known', caller: 'garbage' },
    bends: 'auth-expired@{method}',
  },
  'the caller has no scope to read': { recipe: { impossible: 'no-scopeless-principal' } },
  'the caller has no user context': {
    recipe: { client: 'known', caller: 'application' },
    bends: 'auth-application@{method}',
  },
  'the managed client does not exist': {
    recipe: { client: 'unknown', caller: 'user' },
    bends: 'id-unknown@path',
  },
  'the quota of the caller is used up': { recipe: { impossible: 'would-burn-quota' } },
  'the service is failing': { recipe: { impossible: 'cannot-force-500' } },
} as const satisfies Record<string, ProviderState>;

export type StateName = keyof typeof providerStates;

/** What a state hands to its interaction: a managed client and a bearer token. */
export interface StateValues {
  readonly id: string;
  readonly token: string;
}
