import type { Arbitrary } from 'fast-check';

/** What a managed client reports, and what a read gives back. */
export interface ManagedClientStatus {
  body: Record<string, unknown>;
  status: 'NORMAL' | 'UNDEFINED' | 'NOT_CONFIGURED' | 'CONFIGURING' | 'WARNING' | 'ERROR' | 'FAILED';
  type: 'CCG' | 'VA' | 'INTERNAL' | 'IIQ_HARVESTER' | null;
  /** RFC 3339. */
  timestamp: string;
}

/** Valid reports: every documented value of `status` and `type`, free bodies. */
export declare function managedClientStatus(): Arbitrary<ManagedClientStatus>;
/** The answer to a report: an aggregate one level deeper, whose settings are all strings and whose services may be empty. */
export declare function aggResponse(): Arbitrary<Record<string, unknown>>;
/** 400, 403, 404 and 500 of the service: nothing in it is required, and messages may say nothing. */
export declare function errorResponse(): Arbitrary<Record<string, unknown>>;
/** 401 of the gateway. */
export declare function unauthorizedResponse(): Arbitrary<Record<string, unknown>>;
/** 429 of the gateway; the documented text has a space at either end. */
export declare function tooManyRequestsResponse(): Arbitrary<Record<string, unknown>>;
/** Times of RFC 3339, from the year 1 to 9999. */
export declare function timestamp(): Arbitrary<string>;
