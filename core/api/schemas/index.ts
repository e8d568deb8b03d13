import { errorResponse } from './error-response.ts';
import { managedClientStatusAggResponse } from './managed-client-status-agg-response.ts';
import { managedClientStatus } from './managed-client-status.ts';
import { tooManyRequests } from './too-many-requests.ts';
import { unauthorized } from './unauthorized.ts';

/** The schemas by their names in the validators and in the OpenAPI document. */
export const schemas = {
  ManagedClientStatus: managedClientStatus,
  ManagedClientStatusAggResponse: managedClientStatusAggResponse,
  ErrorResponseDto: errorResponse,
  Unauthorized: unauthorized,
  TooManyRequests: tooManyRequests,
} as const;

export type SchemaName = keyof typeof schemas;
