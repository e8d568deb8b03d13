import { managedClientType } from './managed-client-type.ts';

export const managedClientStatusEnum = {
  type: 'string',
  enum: ['NORMAL', 'UNDEFINED', 'NOT_CONFIGURED', 'CONFIGURING', 'WARNING', 'ERROR', 'FAILED'],
} as const;

/** What a client reports and what GET gives back. `body` is free; further properties are legal both ways. */
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
