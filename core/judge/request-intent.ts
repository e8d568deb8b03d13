import type { OperationId } from '../api/operations.ts';
import type { Expectation } from './expectations.ts';

/** What was bent in a request: shown to people, and `group` goes into the fingerprint. */
export interface CellNote {
  /** `enum-lower@status` */
  readonly id: string;
  /** Cells that one defect would break together share a group: `enum@status`. */
  readonly group: string;
  readonly was?: string;
  readonly sent?: string;
}

/** What the sender wanted to know with a request. */
export interface Asked {
  /** Undefined for a request that the API does not have, such as another method. */
  readonly operation: OperationId | undefined;
  readonly expectation: Expectation;
  readonly cell?: CellNote;
  /** False until the preflight has seen the managed client: only then does a 404 say something. */
  readonly clientKnown: boolean;
}
