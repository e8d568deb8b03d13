import type { Scope } from './principals.ts';
import { documentedQuota, type Quota } from './quota.ts';
import { managedClientType } from './schemas/managed-client-type.ts';
import type { SchemaName } from './schemas/index.ts';

export interface Operation {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, with the API version that the quota is counted by. */
  readonly path: string;
  readonly summary: string;
  readonly query: Readonly<Record<string, { readonly required: boolean; readonly schema: object }>>;
  readonly request?: SchemaName;
  /** Status → schema of its JSON body. What is not listed is not documented. */
  readonly responses: Readonly<Record<number, SchemaName>>;
  /** Grants that may call, and the scope each needs. A grant that is absent gets 403. */
  readonly security: { readonly userAuth?: Scope; readonly applicationAuth?: Scope };
  readonly quota: Quota;
}

const errors = {
  400: 'ErrorResponseDto',
  401: 'Unauthorized',
  403: 'ErrorResponseDto',
  404: 'ErrorResponseDto',
  429: 'TooManyRequests',
  500: 'ErrorResponseDto',
} as const;

/** The API under test: its paths, statuses, schemas, rights and quota. */
export const operations = {
  getManagedClientStatus: {
    method: 'GET',
    path: '/beta/managed-clients/{id}/status',
    summary: 'Reads the status that a managed client last reported for one type.',
    query: { type: { required: true, schema: managedClientType } },
    responses: { 200: 'ManagedClientStatus', ...errors },
    security: {
      userAuth: 'idn:managed-client-status:read',
      applicationAuth: 'idn:managed-client-status:read',
    },
    quota: documentedQuota,
  },
  updateManagedClientStatus: {
    method: 'POST',
    path: '/beta/managed-clients/{id}/status',
    summary: 'Reports the status of a managed client.',
    query: {},
    request: 'ManagedClientStatus',
    responses: { 200: 'ManagedClientStatusAggResponse', ...errors },
    security: { userAuth: 'idn:managed-client-status:manage' },
    quota: documentedQuota,
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** The path of an operation for one managed client, its id percent-encoded. */
export function pathOf(operation: OperationId, id: string): string {
  return operations[operation].path.replace('{id}', () => encodeURIComponent(id));
}

/** Which operation a request line addresses, undefined where the table has none. */
export function operationOf(method: string, path: string): OperationId | undefined {
  const [plain] = path.split('?');
  for (const id of Object.keys(operations) as OperationId[]) {
    const operation: Operation = operations[id];
    if (operation.method === method && matches(operation.path, plain ?? '')) return id;
  }
  return undefined;
}

function matches(template: string, path: string): boolean {
  const [before, after] = template.split('{id}') as [string, string];
  const id = path.slice(before.length, path.length - after.length);
  return path.startsWith(before) && path.endsWith(after) && id !== '' && !id.includes('/');
}
