import type { PropertyOutcome } from '../runner/outcomes.ts';
import type { Run } from '../runner/runner.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { Attribution } from '../triage/attribution.ts';

/** `strong`: a read returns the latest acknowledged write. `eventual`: it does so after some time. */
export type Consistency = 'strong' | 'eventual';

/** The dependencies of a suite. */
export interface SuiteContext {
  readonly target: TargetIds;
  readonly seed: number;
  /** Number of test cases that run at a time. */
  readonly concurrency: number;
  /** Requests that shrinking one failure may send. */
  readonly maxShrinks: number;
  readonly consistency: Consistency;
  readonly run: Run;
  readonly attribution: Attribution;
  /** Reports an outcome. It may repeat a crash first. */
  readonly report: (outcome: PropertyOutcome) => Promise<void>;
  /** Whether a finding was reported before. */
  readonly isReported: (id: string) => boolean;
}
