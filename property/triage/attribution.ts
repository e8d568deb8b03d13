import {
  fingerprint,
  type Expectation,
  type Finding,
  type ManagedClientStatus,
  type OperationId,
  type Outcome,
} from '../../core/index.ts';
import { ablate, differences } from './minimize.ts';
import { canonical } from '../runner/base-report.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { CRASHES, plainProbe, reportProbe, UNNAMED } from './control-request.ts';
import { keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';

/** A valid report that failed, and how. */
export interface Failed {
  readonly report: ManagedClientStatus;
  readonly outcome: Outcome;
}

type Named = Exclude<Outcome, { kind: 'not-verifiable' }>;

/** Requests that telling the causes of one kind of failure apart may cost; from then on the first cause stands for all. */
const MOST = 60;

/** Requests that are right as they stand. */
const RIGHT: readonly Expectation[] = ['accept', 'authorized'];

/** What makes reports fail in one way: the smallest report that does, and its outcome under the name of its members. */
interface Cause {
  readonly key: string;
  readonly report: ManagedClientStatus;
  readonly outcome: Named;
  /** How often it explained a failure. */
  uses: number;
}

/** What the plainest request of an operation shows under the one name for all, and under its own. */
interface Plain {
  readonly control: Outcome;
  readonly plain: Outcome | undefined;
  uses: number;
}

/** The first time, the second, the fourth, the eighth. */
function isDue(uses: number): boolean {
  return Number.isInteger(Math.log2(uses));
}

/**
 * Names failures of valid reports after the members that make them fail, so that one defect has one finding: whatever
 * phase met it, and whatever else was unusual in the report.
 */
export class Attribution {
  readonly #place: Place;
  readonly #run: Run;
  #causes: readonly Cause[] = [];
  readonly #spent = new Map<string, number>();
  readonly #plain = new Map<OperationId, Plain>();

  constructor(place: Place, run: Run) {
    this.#place = place;
    this.#run = run;
  }

  /** @returns the outcome under the names of its causes, and what has none as it was */
  async settle({ report, outcome }: Failed): Promise<Outcome[]> {
    if (outcome.kind === 'not-verifiable') return [outcome];
    const told = await Promise.all(
      outcome.findings.map((finding) => this.#remembered(unnamedId(finding), report)),
    );
    if (told.every((cause) => cause !== undefined)) return named(told, outcome);
    let requests = 0;
    const ask = async (candidate: ManagedClientStatus, group: string): Promise<Outcome> => {
      requests += 1;
      return this.#run(reportProbe(candidate, this.#place, group));
    };
    // Under one name for all: the key of a failure must not depend on which cell or row it was.
    const keys = keysOf(await ask(report, UNNAMED));
    const causes: Cause[] = [];
    for (const key of keys) {
      const cause = this.#known(key, report) ?? (await this.#find(key, report, ask));
      if (cause !== undefined) causes.push(cause);
    }
    for (const key of keys) this.#spent.set(key, this.#spentOn(key) + requests);
    return named(causes, outcome);
  }

  /** What is known of a failure without asking for its cause; one that every report has is asked for once more. */
  async #remembered(key: string, report: ManagedClientStatus): Promise<Cause | undefined> {
    const known = this.#known(key, report) ?? (this.#spentOn(key) < MOST ? undefined : this.#first(key));
    if (known === undefined || differences(known.report) !== 'canonical' || !isDue(++known.uses))
      return known;
    if (keysOf(await this.#run(this.#plainProbeOf('updateManagedClientStatus'))).includes(key)) return known;
    // What came and went explains nothing any more.
    this.#causes = this.#causes.filter((cause) => cause !== known);
    return undefined;
  }

  #plainProbeOf(operation: OperationId): Probe {
    return plainProbe(operation, this.#place, { id: UNNAMED, group: UNNAMED });
  }

  #spentOn(key: string): number {
    return this.#spent.get(key) ?? 0;
  }

  #first(key: string): Cause | undefined {
    return this.#causes.find((cause) => cause.key === key);
  }

  /** Settles one after the other; where that ends early, what was found is told under the name it had. */
  async *settleAll(failed: readonly Failed[]): AsyncGenerator<Outcome> {
    for (const [index, one] of failed.entries()) {
      try {
        yield* await this.settle(one);
      } catch (error) {
        for (const { outcome } of failed.slice(index)) yield outcome;
        throw error;
      }
    }
  }

  /**
   * A request that is right as it stands, and failed: does the plainest one of its operation fail in the same way? Then it
   * is not what was bent. A crash may be that of every request, whatever was asked.
   * @returns the outcome under the name of its cause, and what has none as it was
   */
  async againstPlain(probe: Probe, outcome: Outcome): Promise<Outcome[]> {
    const [step, ...others] = probe.steps;
    if (outcome.kind === 'not-verifiable' || step === undefined || others.length > 0) return [outcome];
    const { operation, expectation } = step.asked;
    const isCrash = outcome.findings.some(({ code }) => CRASHES.includes(code));
    if (operation === undefined || !(isCrash || RIGHT.includes(expectation))) return [outcome];
    const { control, plain } = await this.#plainOf(operation);
    if (control.kind === 'inconclusive' && isLost(control))
      return [{ ...outcome, kind: 'inconclusive', findings: [], doubts: control.doubts }];
    const shown = keysOf(control);
    const keys = outcome.findings.map(unnamedId).filter((key) => shown.includes(key));
    if (keys.length === 0 || plain === undefined) return [outcome];
    const causes = keys.map((key) => causeOf(key, canonical, plain)).filter((cause) => cause !== undefined);
    return named(causes, outcome);
  }

  /** What the plainest request shows; asked again ever more rarely, for what came and went explains nothing any more. */
  async #plainOf(operation: OperationId): Promise<Plain> {
    const known = this.#plain.get(operation);
    if (known !== undefined && !isDue(++known.uses)) return known;
    const control = await this.#run(this.#plainProbeOf(operation));
    const isFailing = control.kind === 'evaluated' && control.findings.length > 0;
    const plain = isFailing ? await this.#run(plainProbe(operation, this.#place)) : undefined;
    const asked = { control, plain, uses: known?.uses ?? 0 };
    if (control.kind === 'evaluated') this.#plain.set(operation, asked);
    return asked;
  }

  #known(key: string, report: ManagedClientStatus): Cause | undefined {
    return this.#causes.find((cause) => cause.key === key && holds(report, cause.report));
  }

  async #find(
    key: string,
    report: ManagedClientStatus,
    ask: (candidate: ManagedClientStatus, group: string) => Promise<Outcome>,
  ): Promise<Cause | undefined> {
    const fails = async (candidate: ManagedClientStatus): Promise<boolean> =>
      keysOf(await ask(candidate, UNNAMED)).includes(key);
    const smallest = await ablate(report, fails);
    const isPlain = differences(smallest) === 'canonical';
    const outcome = isPlain
      ? await this.#run(plainProbe('updateManagedClientStatus', this.#place))
      : await ask(smallest, `valid@${differences(smallest)}`);
    const cause = causeOf(key, smallest, outcome);
    if (cause !== undefined) this.#causes = [...this.#causes, cause];
    return cause;
  }
}

/** What of an outcome fails in one way; undefined where nothing does. */
function causeOf(key: string, report: ManagedClientStatus, outcome: Outcome): Cause | undefined {
  if (outcome.kind === 'not-verifiable') return undefined;
  const findings = outcome.findings.filter((finding) => [finding.id, unnamedId(finding)].includes(key));
  return findings.length === 0 ? undefined : { key, report, outcome: { ...outcome, findings }, uses: 0 };
}

/** An outcome for each cause, with what shows it again; and one for what has no cause. */
function named(causes: readonly Cause[], outcome: Named): Outcome[] {
  const explained = causes.map(({ key }) => key);
  const left = outcome.findings.filter((finding) => !explained.includes(unnamedId(finding)));
  const own = new Map(
    causes.map((cause) => [cause.outcome.findings.map(({ id }) => id).join(), cause.outcome]),
  );
  const told = [...own.values()].map(({ findings, rerun }): Outcome => ({
    ...outcome,
    findings,
    ...(rerun && { rerun }),
  }));
  return left.length > 0 || told.length === 0 ? [...told, { ...outcome, findings: left }] : told;
}

/** Was the plainest request refused for its token? Then nothing is known of any other. */
function isLost({ doubts }: Named): boolean {
  return doubts.some(({ code }) => code === 'environment.unauthorized' || code === 'environment.forbidden');
}

/** The id that a failure has under the one name for all, whichever cell or row met it. */
export function unnamedId(finding: Finding): string {
  const { cell, site, operation, exchange } = finding;
  if (site !== (cell?.group ?? '')) return finding.id;
  const asked = { operation, expectation: 'accept', clientKnown: true } as const;
  return fingerprint({ ...finding, site: UNNAMED }, asked, exchange);
}

/** Does a report bend every member that a smaller one bends, in the same way? */
function holds(report: ManagedClientStatus, smaller: ManagedClientStatus): boolean {
  return differences(smaller)
    .split('+')
    .every((name) => {
      const member = name as keyof ManagedClientStatus;
      return JSON.stringify(report[member]) === JSON.stringify(smaller[member]);
    });
}
