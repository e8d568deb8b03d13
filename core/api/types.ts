import type { FromSchema } from 'json-schema-to-ts';

import type { managedClientStatus } from './schemas/managed-client-status.ts';
import type { managedClientType } from './schemas/managed-client-type.ts';

export type ManagedClientStatus = FromSchema<typeof managedClientStatus>;
export type ManagedClientType = FromSchema<typeof managedClientType>;
