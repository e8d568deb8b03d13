import type { CheckResult, Measured } from '../../core/index.ts';
import type { LoadExchange } from '../scripts/trace.ts';

/** The result of a check of a whole trace. */
export interface Measurement {
  readonly results: readonly CheckResult[];
  readonly measured: Measured;
  /** The exchange that shows the result best. */
  readonly exchange?: LoadExchange;
}
