import type { OperationId, StateName, StateParams } from '../../core/index.ts';
import type { ConsumerName } from './sdk.ts';

export type DocumentedStatus = 200 | 400 | 401 | 403 | 404 | 429 | 500;

/** One thing a consumer relies on: what it asks, in which state, and the answer it understands. */
export interface Interaction {
  readonly description: string;
  readonly operation: OperationId;
  readonly state: StateName;
  readonly params?: StateParams;
  readonly status: DocumentedStatus;
  /** GET: the query parameter. POST: the member of the report. CCG if not given. */
  readonly type?: string | null;
  /** NORMAL if not given. */
  readonly reportedStatus?: string;
  /** What is in `body`: any object if not given, the documented report, or the aggregate of a cluster. */
  readonly content?: 'example' | 'aggregate';
  /** Consumers that cannot make this call, and why. */
  readonly except?: Partial<Record<ConsumerName, string>>;
}

const read = { operation: 'getManagedClientStatus' } as const;
const report = { operation: 'updateManagedClientStatus' } as const;

const HAS_REPORTED = 'the managed client has reported';
const MAY_BE_REPORTED = 'the managed client may be reported by the caller';

const needsToken = {
  'python-sdk': 'the SDK does not send anything without a token: it fails with a TypeError',
} as const;

/** The answers that every operation documents beside 200 and 400, with what brings them about. */
function refusals(
  { operation }: Pick<Interaction, 'operation'>,
  what: string,
  forbidden: Pick<Interaction, 'description' | 'state'>,
): Interaction[] {
  return [
    {
      operation,
      description: `${what} without a token`,
      state: 'the caller shows no token',
      status: 401,
      except: needsToken,
    },
    {
      operation,
      description: `${what} with an expired token`,
      state: 'the access token is not valid',
      status: 401,
    },
    { operation, ...forbidden, status: 403 },
    {
      operation,
      description: `${what} for an unknown managed client`,
      state: 'the managed client does not exist',
      status: 404,
    },
    {
      operation,
      description: `${what} beyond the quota`,
      state: 'the quota of the caller is used up',
      status: 429,
    },
    {
      operation,
      description: `${what} while the service fails`,
      state: 'the service is failing',
      status: 500,
    },
  ];
}

/**
 * What every consumer relies on: each documented answer of both operations. No SDK can ask for the record
 * of type null, for it has no address; all of them can report it.
 */
export const interactions: readonly Interaction[] = [
  ...['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'].map((type): Interaction => ({
    ...read,
    description: `a read of type ${type}`,
    state: HAS_REPORTED,
    params: { type },
    status: 200,
    type,
  })),
  {
    ...read,
    description: 'a read of the documented example',
    state: 'the managed client has reported the documented example',
    params: { type: 'CCG' },
    status: 200,
    content: 'example',
  },
  {
    ...read,
    description: 'a read of a type that does not exist',
    state: HAS_REPORTED,
    params: { type: 'CCG' },
    status: 400,
    type: 'TOASTER',
    except: { 'python-sdk': 'the SDK refuses the value before it is sent' },
  },
  ...refusals(read, 'a read', {
    description: 'a read without the scope to read',
    state: 'the caller has no scope to read',
  }),
  ...['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER', null].map((type): Interaction => ({
    ...report,
    description: type === null ? 'a report without a type' : `a report of type ${type}`,
    state: MAY_BE_REPORTED,
    status: 200,
    type,
  })),
  {
    ...report,
    description: 'a report of the documented example',
    state: MAY_BE_REPORTED,
    status: 200,
    content: 'example',
  },
  {
    ...report,
    description: 'a report from a cluster with jobs',
    state: 'the managed client belongs to a cluster with jobs',
    status: 200,
    content: 'aggregate',
  },
  {
    ...report,
    description: 'a report with a status that does not exist',
    state: MAY_BE_REPORTED,
    status: 400,
    reportedStatus: 'SPLENDID',
  },
  ...refusals(report, 'a report', {
    description: 'a report without user context',
    state: 'the caller has no user context',
  }),
];

/** The interactions that a consumer can have. */
export function interactionsOf(consumer: ConsumerName): Interaction[] {
  return interactions.filter(({ except }) => except?.[consumer] === undefined);
}
