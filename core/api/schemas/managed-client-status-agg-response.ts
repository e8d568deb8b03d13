import { managedClientStatus } from './managed-client-status.ts';

/** Response of the POST: the same members, but `body` is an aggregate and not the reported body. */
export const managedClientStatusAggResponse = {
  ...managedClientStatus,
  title: 'ManagedClientStatusAggResponse',
} as const;
