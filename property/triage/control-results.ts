import type { OperationId } from '../../core/index.ts';
import { controlTestCase } from '../runner/control-request.ts';
import type { PropertyOutcome } from '../runner/outcomes.ts';
import type { Run } from '../runner/runner.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import { RecheckSchedule } from './recheck-schedule.ts';
import { UNATTRIBUTED } from './reports.ts';

/** The results of a control request. */
export interface ControlResult {
  /** With the class `UNATTRIBUTED`, to compare its findings with those of other requests. */
  readonly outcome: PropertyOutcome;
  /** With its own name, to report its findings; only if it fails. */
  readonly named: PropertyOutcome | undefined;
}

/** Remembers the result of the control request of each operation. */
export class ControlResults {
  readonly #target: TargetIds;
  readonly #known = new Map<
    OperationId,
    { readonly result: ControlResult; readonly recheck: RecheckSchedule }
  >();

  constructor(target: TargetIds) {
    this.#target = target;
  }

  async resultFor(operation: OperationId, run: Run): Promise<ControlResult> {
    const known = this.#known.get(operation);
    if (known !== undefined && !known.recheck.countUse()) return known.result;
    const outcome = await this.send(operation, run);
    const isFailing = outcome.kind === 'evaluated' && outcome.findings.length > 0;
    const named = isFailing ? await run(controlTestCase(operation, this.#target)) : undefined;
    const result = { outcome, named };
    const recheck = known?.recheck ?? new RecheckSchedule();
    if (outcome.kind === 'evaluated') this.#known.set(operation, { result, recheck });
    return result;
  }

  /** Sends the control request without using or changing what is remembered. */
  send(operation: OperationId, run: Run): Promise<PropertyOutcome> {
    const mutation = { name: UNATTRIBUTED, fingerprintClass: UNATTRIBUTED };
    return run(controlTestCase(operation, this.#target, mutation));
  }
}
