import type { DocumentedStatus, OperationId, StateName, StateParams } from '../../core/index.ts';
import type { ConsumerName } from './sdk.ts';

/** A request of a consumer, the provider state, and the expected response. */
export interface Interaction {
  readonly description: string;
  readonly operation: OperationId;
  readonly state: StateName;
  readonly params?: StateParams;
  readonly status: DocumentedStatus;
  /** The query parameter of a read or the member of a report. Default: CCG. */
  readonly type?: string | null;
  /** Default: NORMAL. */
  readonly reportedStatus?: string;
  /** The content of `body`: the documented report or the aggregate of a cluster. Default: any object. */
  readonly content?: 'example' | 'aggregate';
  /** Consumers that cannot send this request, with the reason. */
  readonly except?: Partial<Record<ConsumerName, string>>;
}

const read = { operation: 'getManagedClientStatus' } as const;
const report = { operation: 'updateManagedClientStatus' } as const;

const HAS_REPORTED = 'the managed client has reported';
const MAY_BE_REPORTED = 'the managed client may be reported by the caller';

const needsToken = {
  'python-sdk': 'the SDK fails with a TypeError without a token',
} as const;

/** Interactions with the statuses that every operation documents besides 200 and 400. */
function errorInteractions(
  { operation }: Pick<Interaction, 'operation'>,
  request: string,
  forbidden: Pick<Interaction, 'description' | 'state'>,
): Interaction[] {
  return [
    {
      operation,
      description: `${request} without a token`,
      state: 'the caller shows no token',
      status: 401,
      except: needsToken,
    },
    {
      operation,
      description: `${request} with an expired token`,
      state: 'the access token is not valid',
      status: 401,
    },
    { operation, ...forbidden, status: 403 },
    {
      operation,
      description: `${request} for an unknown managed client`,
      state: 'the managed client does not exist',
      status: 404,
    },
    {
      operation,
      description: `${request} beyond the quota`,
      state: 'the quota of the caller is used up',
      status: 429,
    },
    {
      operation,
      description: `${request} while the service fails`,
      state: 'the service is failing',
      status: 500,
    },
  ];
}

/**
 * The interactions of all consumers: each documented status of each operation. No SDK can read type null, because a
 * query cannot express it, but all of them can report it.
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
    except: { 'python-sdk': 'the SDK rejects the value before it sends the request' },
  },
  ...errorInteractions(read, 'a read', {
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
  ...errorInteractions(report, 'a report', {
    description: 'a report without user context',
    state: 'the caller has no user context',
  }),
];

/** The interactions that a consumer can have. */
export function interactionsOf(consumer: ConsumerName): Interaction[] {
  return interactions.filter(({ except }) => except?.[consumer] === undefined);
}
