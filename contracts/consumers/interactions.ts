import type { OperationId } from '../api/operations.ts';
import type { StateName } from '../api/states.ts';

/** One thing a consumer relies on: what it asks, in which state, and the status it understands. */
export interface Interaction {
  readonly description: string;
  readonly operation: OperationId;
  readonly state: StateName;
  readonly status: 200 | 400 | 401 | 403 | 404 | 429 | 500;
  /** GET: the query parameter. POST: the member of the report. */
  readonly type?: string;
  readonly reportedStatus?: string;
}

const read = { operation: 'getManagedClientStatus' } as const;
const report = { operation: 'updateManagedClientStatus' } as const;

/** The same for every consumer: one of each documented answer, for both operations. */
export const interactions: readonly Interaction[] = [
  {
    ...read,
    description: 'a request for the status of a gateway',
    state: 'the managed client has reported',
    status: 200,
  },
  {
    ...read,
    description: 'a request for the status of a type that does not exist',
    state: 'the managed client has reported',
    status: 400,
    type: 'TOASTER',
  },
  {
    ...read,
    description: 'a request for a status with a bad token',
    state: 'the access token is not valid',
    status: 401,
  },
  {
    ...read,
    description: 'a request for a status without the scope',
    state: 'the caller has no scope to read',
    status: 403,
  },
  {
    ...read,
    description: 'a request for the status of an unknown client',
    state: 'the managed client does not exist',
    status: 404,
  },
  {
    ...read,
    description: 'a request for a status beyond the quota',
    state: 'the quota of the caller is used up',
    status: 429,
  },
  {
    ...read,
    description: 'a request for a status while the service fails',
    state: 'the service is failing',
    status: 500,
  },
  {
    ...report,
    description: 'a report of a gateway',
    state: 'the managed client may be reported by the caller',
    status: 200,
  },
  {
    ...report,
    description: 'a report with a status that does not exist',
    state: 'the managed client may be reported by the caller',
    status: 400,
    reportedStatus: 'SPLENDID',
  },
  {
    ...report,
    description: 'a report with a bad token',
    state: 'the access token is not valid',
    status: 401,
  },
  {
    ...report,
    description: 'a report without user context',
    state: 'the caller has no user context',
    status: 403,
  },
  {
    ...report,
    description: 'a report of an unknown client',
    state: 'the managed client does not exist',
    status: 404,
  },
  {
    ...report,
    description: 'a report beyond the quota',
    state: 'the quota of the caller is used up',
    status: 429,
  },
  {
    ...report,
    description: 'a report while the service fails',
    state: 'the service is failing',
    status: 500,
  },
];

export const PROVIDER = 'managed-clients';
