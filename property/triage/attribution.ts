import {
  baseReport,
  fingerprint,
  type Expectation,
  type Finding,
  type ManagedClientStatus,
} from '../../core/index.ts';
import { changedFields, classOfReport, isEqual } from '../runner/changed-fields.ts';
import { controlTestCase } from '../runner/control-request.ts';
import { countRequests } from '../runner/count-requests.ts';
import {
  findingIdsIn,
  withRequests,
  type PropertyAttempt,
  type PropertyOutcome,
} from '../runner/outcomes.ts';
import type { Run } from '../runner/runner.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { ControlResults } from './control-results.ts';
import { minimizeReport } from './minimize.ts';
import { RecheckSchedule } from './recheck-schedule.ts';
import { CRASHES, reportTestCase, UNATTRIBUTED, type FailedReport } from './reports.ts';

/** Requests to distinguish the causes of one kind of failure. Afterwards, the first known cause is assumed. */
const MAX_REQUESTS = 60;

/** Expectations of valid requests. */
const VALID: readonly Expectation[] = ['accept', 'authorized'];

/** The smallest report with a failure, and the outcome that names its fields. */
interface Cause {
  /** The unattributed id of the failure. */
  readonly key: string;
  readonly report: ManagedClientStatus;
  readonly outcome: PropertyAttempt;
  readonly recheck: RecheckSchedule;
}

/**
 * Finds the causes of failures, so that one defect has one finding in all suites, whatever else was unusual in the
 * request. Remembers known causes, the requests spent on each failure, and the results of control requests.
 */
export class Attribution {
  readonly #target: TargetIds;
  readonly #run: Run;
  readonly #controls: ControlResults;
  readonly #spent = new Map<string, number>();
  #causes: readonly Cause[] = [];

  constructor(target: TargetIds, run: Run) {
    this.#target = target;
    this.#run = run;
    this.#controls = new ControlResults(target);
  }

  /**
   * Attributes the failures of a valid report to its fields.
   * @returns an outcome for each cause, and the findings without a known cause as they were
   */
  async attributeReport(failed: FailedReport): Promise<PropertyOutcome[]> {
    const { run, count } = countRequests(this.#run);
    return withRequests(await this.#attributeReport(failed, run), count());
  }

  /**
   * Attributes the failures of a valid request to the operation if its control request fails in the same way. A crash
   * is compared for every request.
   */
  async attributeToControl(testCase: TestCase, outcome: PropertyOutcome): Promise<PropertyOutcome[]> {
    const { run, count } = countRequests(this.#run);
    return withRequests(await this.#attributeToControl(testCase, outcome, run), count());
  }

  async #attributeReport({ report, outcome }: FailedReport, run: Run): Promise<PropertyOutcome[]> {
    if (outcome.kind === 'skipped') return [outcome];
    const known: Cause[] = [];
    for (const finding of outcome.findings) {
      const cause = await this.#knownCause(unattributedId(finding), report, run);
      if (cause !== undefined) known.push(cause);
    }
    if (known.length === outcome.findings.length) return byCause(known, outcome);

    const counted = countRequests(run);
    const keys = findingIdsIn(await counted.run(reportTestCase(report, this.#target, UNATTRIBUTED)));
    const causes: Cause[] = [];
    for (const key of keys) {
      const cause = this.#causeFor(key, report) ?? (await this.#findCause(key, report, counted.run));
      if (cause !== undefined) causes.push(cause);
    }
    for (const key of keys) this.#spent.set(key, this.#spentOn(key) + counted.count());
    return byCause(causes, outcome);
  }

  /** A cause that is known without a search. The control request verifies a cause that concerns every report. */
  async #knownCause(key: string, report: ManagedClientStatus, run: Run): Promise<Cause | undefined> {
    const isExpensive = this.#spentOn(key) >= MAX_REQUESTS;
    const known = this.#causeFor(key, report) ?? (isExpensive ? this.#firstCause(key) : undefined);
    const concernsAll = known !== undefined && changedFields(known.report).length === 0;
    if (!concernsAll || !known.recheck.countUse()) return known;
    if (findingIdsIn(await this.#controls.send('updateManagedClientStatus', run)).includes(key)) return known;
    this.#causes = this.#causes.filter((cause) => cause !== known);
    return undefined;
  }

  #spentOn(key: string): number {
    return this.#spent.get(key) ?? 0;
  }

  #firstCause(key: string): Cause | undefined {
    return this.#causes.find((cause) => cause.key === key);
  }

  #causeFor(key: string, report: ManagedClientStatus): Cause | undefined {
    return this.#causes.find((cause) => cause.key === key && hasChangesOf(report, cause.report));
  }

  async #findCause(key: string, report: ManagedClientStatus, run: Run): Promise<Cause | undefined> {
    const fails = async (candidate: ManagedClientStatus): Promise<boolean> =>
      findingIdsIn(await run(reportTestCase(candidate, this.#target, UNATTRIBUTED))).includes(key);
    const smallest = await minimizeReport(report, fails);
    const isBase = changedFields(smallest).length === 0;
    const outcome = await run(
      isBase
        ? controlTestCase('updateManagedClientStatus', this.#target)
        : reportTestCase(smallest, this.#target, classOfReport(smallest)),
    );
    const cause = causeOf(key, smallest, outcome);
    if (cause !== undefined) this.#causes = [...this.#causes, cause];
    return cause;
  }

  async #attributeToControl(
    testCase: TestCase,
    outcome: PropertyOutcome,
    run: Run,
  ): Promise<PropertyOutcome[]> {
    const [step, ...others] = testCase.steps;
    if (outcome.kind === 'skipped' || step === undefined || others.length > 0) return [outcome];
    const { operation, expectation } = step.intent;
    const isCrash = outcome.findings.some(({ code }) => CRASHES.includes(code));
    if (operation === undefined || !(isCrash || VALID.includes(expectation))) return [outcome];
    const control = await this.#controls.resultFor(operation, run);
    if (isUnauthorized(control.outcome)) {
      return [{ ...outcome, kind: 'inconclusive', findings: [], inconclusive: control.outcome.inconclusive }];
    }
    const shared = findingIdsIn(control.outcome);
    const keys = outcome.findings.map(unattributedId).filter((key) => shared.includes(key));
    const { named } = control;
    if (keys.length === 0 || named === undefined) return [outcome];
    const causes = keys.flatMap((key) => causeOf(key, baseReport, named) ?? []);
    return byCause(causes, outcome);
  }
}

/** The cause that an outcome shows for a failure, undefined if it does not fail in this way. */
function causeOf(key: string, report: ManagedClientStatus, outcome: PropertyOutcome): Cause | undefined {
  if (outcome.kind === 'skipped') return undefined;
  const findings = outcome.findings.filter((finding) => [finding.id, unattributedId(finding)].includes(key));
  if (findings.length === 0) return undefined;
  return { key, report, outcome: { ...outcome, findings }, recheck: new RecheckSchedule() };
}

/** An outcome for each cause, with its replay, and one for the findings without a cause. */
function byCause(causes: readonly Cause[], outcome: PropertyAttempt): PropertyOutcome[] {
  const explained = causes.map(({ key }) => key);
  const rest = outcome.findings.filter((finding) => !explained.includes(unattributedId(finding)));
  const distinct = new Map(causes.map((cause) => [findingIdsIn(cause.outcome).join(), cause.outcome]));
  const attributed = [...distinct.values()].map(({ findings, replay }) => ({
    ...outcome,
    findings,
    ...(replay && { replay }),
  }));
  const all =
    rest.length > 0 || attributed.length === 0 ? [...attributed, { ...outcome, findings: rest }] : attributed;
  return all.map((one, index) => (index === 0 ? one : { ...one, requests: 0 }));
}

function isUnauthorized(outcome: PropertyOutcome): outcome is PropertyAttempt {
  return (
    outcome.kind === 'inconclusive' &&
    outcome.inconclusive.some(
      ({ reason }) => reason === 'environment.unauthorized' || reason === 'environment.forbidden',
    )
  );
}

/** The id of a failure without its cause. It is the same for all requests that fail in this way. */
export function unattributedId(finding: Finding): string {
  const { mutation, site, operation, exchange } = finding;
  if (site !== (mutation?.fingerprintClass ?? '')) return finding.id;
  const intent = { operation, expectation: 'accept', isManagedClientKnown: true } as const;
  return fingerprint({ ...finding, site: UNATTRIBUTED }, intent, exchange);
}

/** Whether a report has all the changed fields of a smaller report, with the same values. */
function hasChangesOf(report: ManagedClientStatus, smaller: ManagedClientStatus): boolean {
  return changedFields(smaller).every((field) => isEqual(report[field], smaller[field]));
}
