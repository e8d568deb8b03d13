import { managedClientType } from './managed-client-type.ts';

export const managedClientStatusEnum = {
  type: 'string',
  enum: ['NORMAL', 'UNDEFINED', 'NOT_CONFIGURED', 'CONFIGURING', 'WARNING', 'ERROR', 'FAILED'],
} as const;

/** A report, and the response of the GET. `body` is a free object; further members are allowed in both directions. */
export const managedClientStatus = {
  title: 'ManagedClientStatus',
  type: 'object',
  required: ['body', 'status', 'type', 'timestamp'],
  properties: {
    body: { type: 'object' },
    status: managedClientStatusEnum,
    type: managedClientType,
    timestamp: { type: 'string', format: 'date-time' },
  },
} as const;
