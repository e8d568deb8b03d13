import { managedClientStatus } from './managed-client-status.ts';

/** Answer of the POST: the same envelope, its `body` an aggregate and not what was sent. */
export const managedClientStatusAggResponse = {
  ...managedClientStatus,
  title: 'ManagedClientStatusAggResponse',
} as const;
