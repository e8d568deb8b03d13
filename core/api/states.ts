import type { PrincipalName } from './principals.ts';

/** The name of the provider in pacts. Pact brokers know it: it never changes. */
export const PROVIDER = 'managed-clients';
/** The same provider, for what only a double can be made to answer: see verification/split-pacts.ts. */
export const ARRANGED_PROVIDER = 'managed-clients-arranged';

/** Who asks, where it is no principal: somebody with a token nobody issued, or without any. */
export const GARBAGE = 'garbage';
export const NOBODY = 'nobody';

/** How a deployed target is brought into a state without a state endpoint. */
export interface Recipe {
  /** `known` is the managed client of the run, `unknown` an id that no tenant has. */
  readonly client: 'known' | 'unknown';
  readonly caller: PrincipalName | typeof GARBAGE | typeof NOBODY;
  /** What has to be sent before: the documented report, or more than the quota of the caller. */
  readonly first?: 'report-the-example' | 'burn-the-quota';
}

/**
 * Provider states: what has to be true before an interaction, in Pact's sense.
 * A state gives the interaction a managed client and a caller; `recipe` says how a deployed target
 * is brought there without a state endpoint, or why it cannot be.
 */
export interface ProviderState {
  readonly recipe: Recipe | { readonly impossible: StateObstacle };
  /** What of a request this state bends, as the cells of the fuzzer name it: one defect has one id in both layers. */
  readonly bends?: string;
}

/** What a state may be told: the type that is read or reported. */
export interface StateParams {
  readonly type?: string;
}

/** A managed client that no tenant has. */
export const UNKNOWN_ID = 'no-such-client-4f1d';

export type StateObstacle =
  | 'type-not-reported'
  | 'cannot-force-500'
  | 'cannot-make-clusters'
  | 'no-scopeless-principal'
  | 'cannot-revoke'
  | 'no-other-tenant';

export const providerStates = {
  'the managed client has reported': { recipe: { client: 'known', caller: 'user' } },
  'the managed client has reported the documented example': {
    recipe: { client: 'known', caller: 'user', first: 'report-the-example' },
  },
  'the managed client may be reported by the caller': { recipe: { client: 'known', caller: 'user' } },
  'the managed client belongs to a cluster with jobs': { recipe: { impossible: 'cannot-make-clusters' } },
  'the caller shows no token': {
    recipe: { client: 'known', caller: NOBODY },
    bends: 'auth-none@{method}',
  },
  'the access token is not valid': {
    recipe: { client: 'known', caller: GARBAGE },
    bends: 'auth-expired@{method}',
  },
  'the access token was revoked': {
    recipe: { impossible: 'cannot-revoke' },
    bends: 'auth-revoked@{method}',
  },
  'the managed client belongs to another tenant': {
    recipe: { impossible: 'no-other-tenant' },
    bends: 'auth-other-tenant@{method}',
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
  'the quota of the caller is used up': {
    recipe: { client: 'known', caller: 'load', first: 'burn-the-quota' },
  },
  'the service is failing': { recipe: { impossible: 'cannot-force-500' } },
} as const satisfies Record<string, ProviderState>;

export type StateName = keyof typeof providerStates;

/** What a state hands to its interaction: a managed client and a bearer token, or no token where the caller shows none. */
export interface StateValues {
  readonly id?: string;
  readonly token?: string;
}
