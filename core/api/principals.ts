/** OAuth scopes of the two operations (API reference, beta). A manage token may read as well. */
export type Scope = 'idn:managed-client-status:read' | 'idn:managed-client-status:manage';

export interface Principal {
  /** `user`: the token speaks for a user (PAT, authorization code). `application`: plain client credentials. */
  readonly context: 'user' | 'application';
  readonly scopes: readonly Scope[];
  readonly purpose: string;
}

const READ = 'idn:managed-client-status:read';
const MANAGE = 'idn:managed-client-status:manage';

/** Who may call, as the harness knows them; each has its own OAuth client and so its own quota. */
export const principals = {
  user: { context: 'user', scopes: [READ, MANAGE], purpose: 'reads and manages, for a user' },
  reader: { context: 'user', scopes: [READ], purpose: 'reads only, for a user' },
  application: { context: 'application', scopes: [READ, MANAGE], purpose: 'has no user context' },
  other: { context: 'user', scopes: [READ, MANAGE], purpose: 'a second OAuth client' },
  load: { context: 'user', scopes: [READ, MANAGE], purpose: 'used by the load layer alone' },
} as const satisfies Record<string, Principal>;

export type PrincipalName = keyof typeof principals;

export const principalNames = Object.keys(principals) as PrincipalName[];
