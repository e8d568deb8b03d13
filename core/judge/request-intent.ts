import type { OperationId } from '../api/operations.ts';
import type { Expectation } from './expectations.ts';

/** How a request differs from a valid one, for reports and fingerprints. */
export interface MutationInfo {
  /** `enum-lower@status` */
  readonly name: string;
  /** Mutations that reveal the same defect have the same class, such as `enum@status`. It is part of the fingerprint. */
  readonly fingerprintClass: string;
  readonly before?: string;
  readonly after?: string;
}

/** Why a request was sent. */
export interface RequestIntent {
  /** Undefined for a request that the API does not have, such as another method. */
  readonly operation: OperationId | undefined;
  readonly expectation: Expectation;
  readonly mutation?: MutationInfo;
  /** False until the preflight has read the managed client. Until then, 404 is inconclusive. */
  readonly isManagedClientKnown: boolean;
}
