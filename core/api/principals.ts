/** OAuth scopes of the operations (API reference, beta). The manage scope includes reading. */
export type Scope = 'idn:managed-client-status:read' | 'idn:managed-client-status:manage';

export interface Principal {
  /** `user`: the token acts for a user (PAT, authorization code). `application`: plain client credentials. */
  readonly context: 'user' | 'application';
  readonly scopes: readonly Scope[];
  readonly purpose: string;
}

const READ = 'idn:managed-client-status:read';
const MANAGE = 'idn:managed-client-status:manage';

/** The principals that the harness uses. Each has an OAuth client of its own, and so a quota of its own. */
export const principals = {
  user: { context: 'user', scopes: [READ, MANAGE], purpose: 'reads and manages, for a user' },
  reader: { context: 'user', scopes: [READ], purpose: 'only reads, for a user' },
  application: { context: 'application', scopes: [READ, MANAGE], purpose: 'has no user context' },
  other: { context: 'user', scopes: [READ, MANAGE], purpose: 'a second OAuth client' },
  load: { context: 'user', scopes: [READ, MANAGE], purpose: 'used only by the load layer' },
} as const satisfies Record<string, Principal>;

export type PrincipalName = keyof typeof principals;

export const principalNames = Object.keys(principals) as PrincipalName[];
