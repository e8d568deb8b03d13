import type { Scope } from './principals.ts';
import { documentedQuota, type Quota } from './quota.ts';
import { managedClientType } from './schemas/managed-client-type.ts';
import type { SchemaName } from './schemas/index.ts';

export interface DocumentedResponse {
  /** Schema of the JSON body. */
  readonly schema: SchemaName;
  readonly description: string;
}

export interface Operation {
  readonly method: string;
  /** Path template below the base URL. Its first segment is the API version, which has a quota of its own. */
  readonly path: string;
  readonly summary: string;
  /** Whether the API reference marks it as deprecated. */
  readonly isDeprecated: boolean;
  readonly query: Readonly<Record<string, { readonly required: boolean; readonly schema: object }>>;
  /** Schema of the JSON request body. */
  readonly request?: SchemaName;
  /** By status. A status that is not listed is undocumented. */
  readonly responses: Readonly<Record<number, DocumentedResponse>>;
  /** The grants that may call the operation, and the scope that each needs. Other grants get 403. */
  readonly security: { readonly userAuth?: Scope; readonly applicationAuth?: Scope };
  readonly quota: Quota;
}

const errors = {
  400: { schema: 'ErrorResponseDto', description: 'The request is not valid.' },
  401: { schema: 'Unauthorized', description: 'The token is missing, expired or not valid.' },
  403: { schema: 'ErrorResponseDto', description: 'The token is valid, but does not permit this request.' },
  404: { schema: 'ErrorResponseDto', description: 'The managed client does not exist.' },
  429: {
    schema: 'TooManyRequests',
    description: 'The quota is exhausted. Retry-After tells how long to wait.',
  },
  500: { schema: 'ErrorResponseDto', description: 'The service failed.' },
} as const;

/**
 * The API under test. Paths, statuses, schemas, rights and quotas are defined only here; types, validators, the OpenAPI
 * document and the routes of the reference provider are derived from this table.
 */
export const operations = {
  getManagedClientStatus: {
    method: 'GET',
    path: '/beta/managed-clients/{id}/status',
    summary: 'Reads the last status that a managed client reported for one type.',
    isDeprecated: true, // since 2024-04-03
    query: { type: { required: true, schema: managedClientType } },
    responses: { 200: { schema: 'ManagedClientStatus', description: 'The status.' }, ...errors },
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
    isDeprecated: true, // since 2024-04-03
    query: {},
    request: 'ManagedClientStatus',
    responses: {
      200: { schema: 'ManagedClientStatusAggResponse', description: 'The aggregate status.' },
      ...errors,
    },
    security: { userAuth: 'idn:managed-client-status:manage' },
    quota: documentedQuota,
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

export const operationIds = Object.keys(operations) as OperationId[];

/** A status that at least one operation documents. */
export type DocumentedStatus = {
  [Id in OperationId]: keyof (typeof operations)[Id]['responses'];
}[OperationId];

/** The statuses that at least one operation documents, in ascending order. */
export const documentedStatuses: readonly number[] = [
  ...new Set(operationIds.flatMap((id) => Object.keys(operations[id].responses).map(Number))),
].sort((a, b) => a - b);

/** The documented response for a status, undefined if the operation does not document it. */
export function documentedResponse(id: OperationId, status: number): DocumentedResponse | undefined {
  const { responses }: Operation = operations[id];
  return responses[status];
}

/** The path of an operation for one managed client. The id is percent-encoded. */
export function pathOf(operation: OperationId, id: string): string {
  return operations[operation].path.replace('{id}', () => encodeURIComponent(id));
}

/** The operation that a request line addresses, undefined if the API has none. */
export function operationOf(method: string, path: string): OperationId | undefined {
  const [pathname = ''] = path.split('?');
  return operationIds.find((id) => {
    const operation: Operation = operations[id];
    return operation.method === method && matches(operation.path, pathname);
  });
}

/** The id in the path of an operation, still percent-encoded; an empty text if the path has another structure. */
export function managedClientIn(path: string): string {
  const [pathname = ''] = path.split('?');
  return operationIds.map((id) => idIn(operations[id].path, pathname)).find((id) => id !== '') ?? '';
}

function matches(template: string, path: string): boolean {
  return idIn(template, path) !== '';
}

function idIn(template: string, path: string): string {
  const [before, after] = template.split('{id}') as [string, string];
  const id = path.slice(before.length, path.length - after.length);
  return path.startsWith(before) && path.endsWith(after) && !id.includes('/') ? id : '';
}
