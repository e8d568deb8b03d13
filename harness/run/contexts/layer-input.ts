import type { Environment } from '../../io.ts';
import type { ReportedTypes } from '../preflight.ts';
import type { Session } from '../session.ts';

/** Everything from which the context of a layer is made. */
export interface LayerInput {
  readonly session: Session;
  /** `unknownTypes` for a plan. */
  readonly types: ReportedTypes;
  readonly env: Environment;
}
