import type { PrincipalName } from './principals.ts';

/** The name of the provider in pacts. It never changes, because Pact brokers store it. */
export const PROVIDER = 'managed-clients';
/** The provider name for interactions that only the reference provider can be made to answer: see split-pacts.ts. */
export const ARRANGED_PROVIDER = 'managed-clients-arranged';

/** A caller with a token that nobody issued. */
export const INVALID_TOKEN = 'invalid-token';
/** A caller without a token. */
export const NO_TOKEN = 'no-token';

/** How a deployed target is brought into a state without a state endpoint. */
export interface StateRecipe {
  /** `known`: the managed client of the run. `unknown`: an id that no tenant has. */
  readonly managedClient: 'known' | 'unknown';
  readonly caller: PrincipalName | typeof INVALID_TOKEN | typeof NO_TOKEN;
  /** The requests that come first: a report of the documented example, or enough reads to exhaust the caller's quota. */
  readonly setUp?: 'report-example' | 'exhaust-quota';
}

/** A provider state in the sense of Pact: a precondition of an interaction, which determines a managed client and a caller. */
export interface ProviderState {
  /** How a deployed target reaches the state without a state endpoint, or why it cannot. */
  readonly recipe: StateRecipe | { readonly unreachable: UnreachableStateReason };
  /**
   * The fingerprint class of the mutation that the state amounts to. A defect has the same id in the contracts and the
   * property layer. `{method}` stands for the request method in lower case.
   */
  readonly mutation?: string;
  /** Parameters that a pact may give. They describe the state; the request decides which type is read or reported. */
  readonly params?: readonly (keyof StateParams)[];
}

/** Parameters of a state: the type that is read or reported. */
export interface StateParams {
  readonly type?: string;
}

/** The id of a managed client that no tenant has. */
export const UNKNOWN_ID = 'no-such-client-4f1d';

/** Why a deployed target cannot be brought into a state. */
export type UnreachableStateReason =
  | 'type-not-reported'
  | 'cannot-force-500'
  | 'cannot-make-clusters'
  | 'no-scopeless-principal'
  | 'cannot-revoke'
  | 'no-other-tenant';

export const providerStates = {
  'the managed client has reported': { recipe: { managedClient: 'known', caller: 'user' }, params: ['type'] },
  'the managed client has reported the documented example': {
    recipe: { managedClient: 'known', caller: 'user', setUp: 'report-example' },
  },
  'the managed client may be reported by the caller': {
    recipe: { managedClient: 'known', caller: 'user' },
    params: ['type'],
  },
  'the managed client belongs to a cluster with jobs': { recipe: { unreachable: 'cannot-make-clusters' } },
  'the caller shows no token': {
    recipe: { managedClient: 'known', caller: NO_TOKEN },
    mutation: 'auth-none@{method}',
  },
  'the access token is not valid': {
    recipe: { managedClient: 'known', caller: INVALID_TOKEN },
    mutation: 'auth-expired@{method}',
  },
  'the access token was revoked': {
    recipe: { unreachable: 'cannot-revoke' },
    mutation: 'auth-revoked@{method}',
  },
  'the managed client belongs to another tenant': {
    recipe: { unreachable: 'no-other-tenant' },
    mutation: 'auth-other-tenant@{method}',
  },
  'the caller has no scope to read': { recipe: { unreachable: 'no-scopeless-principal' } },
  'the caller has no user context': {
    recipe: { managedClient: 'known', caller: 'application' },
    mutation: 'auth-application@{method}',
  },
  'the managed client does not exist': {
    recipe: { managedClient: 'unknown', caller: 'user' },
    mutation: 'id-unknown@path',
  },
  'the quota of the caller is used up': {
    recipe: { managedClient: 'known', caller: 'load', setUp: 'exhaust-quota' },
  },
  'the service is failing': { recipe: { unreachable: 'cannot-force-500' } },
} as const satisfies Record<string, ProviderState>;

export type StateName = keyof typeof providerStates;

/** The values that a state provides: a managed client and a bearer token, both optional. */
export interface StateValues {
  readonly id?: string;
  readonly token?: string;
}
