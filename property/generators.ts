// The generators as a library, for fast-check tests of clients and services. `npm run prepare` bundles this file and emits
// its declarations, so the types here must not refer to other files.
import type { Arbitrary } from 'fast-check';

import * as agg from './arbitraries/agg-response.ts';
import * as errors from './arbitraries/error-response.ts';
import * as reports from './arbitraries/managed-client-status.ts';
import * as timestamps from './arbitraries/timestamp.ts';

/** A report of a managed client, and the response to a read. */
export interface ManagedClientStatus {
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: 'NORMAL' | 'UNDEFINED' | 'NOT_CONFIGURED' | 'CONFIGURING' | 'WARNING' | 'ERROR' | 'FAILED';
  readonly type: 'CCG' | 'VA' | 'INTERNAL' | 'IIQ_HARVESTER' | null;
  /** RFC 3339 date-time. */
  readonly timestamp: string;
}

/** Valid reports with all documented values of `status` and `type` and with arbitrary bodies. */
export const managedClientStatus: () => Arbitrary<ManagedClientStatus> = reports.managedClientStatus;

/** The response to a report: its body contains an aggregate. */
export const aggResponse: () => Arbitrary<Record<string, unknown>> = agg.aggResponse;

/** The body of a 400, 403, 404 or 500 of the service. */
export const errorResponse: () => Arbitrary<Record<string, unknown>> = errors.errorResponse;

/** The body of a 401 of the gateway. */
export const unauthorizedResponse: () => Arbitrary<Record<string, unknown>> = errors.unauthorizedResponse;

/** The body of a 429 of the gateway. */
export const tooManyRequestsResponse: () => Arbitrary<Record<string, unknown>> =
  errors.tooManyRequestsResponse;

/** RFC 3339 date-times from the year 1 to 9999, in UTC with milliseconds. */
export const timestamp: () => Arbitrary<string> = timestamps.timestamp;
