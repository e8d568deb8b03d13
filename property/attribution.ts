import {
  fingerprint,
  type Expectation,
  type Finding,
  type ManagedClientStatus,
  type OperationId,
  type Outcome,
} from '../contracts/index.ts';
import { ablate, differences } from './ablate.ts';
import type { Place } from './place.ts';
import type { Probe } from './probe.ts';
import { plainProbe, reportProbe, UNNAMED } from './report-probe.ts';
import { findingsOf, keysOf } from './run-probe.ts';
import type { Run } from './runner.ts';

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
}

/** What the plainest request of an operation shows, and the failures that it is enough for, by their unnamed ids. */
interface Plain {
  readonly outcome: Named | undefined;
  readonly explains: ReadonlySet<string>;
}

/**
 * Names failures of valid reports after the members that make them fail, so that one defect has one finding: whatever
 * phase met it, and whatever else was unusual in the report.
 */
export class Attribution {
  readonly #place: Place;
  readonly #run: Run;
  readonly #causes: Cause[] = [];
  readonly #spent = new Map<string, number>();
  readonly #plain = new Map<OperationId, Promise<Plain>>();

  constructor(place: Place, run: Run) {
    this.#place = place;
    this.#run = run;
  }

  /** @returns the outcome under the name of its cause, or as it was where the report does not fail every time */
  async settle({ report, outcome }: Failed): Promise<Outcome> {
    if (outcome.kind === 'not-verifiable') return outcome;
    const told = outcome.findings.map((finding) => {
      const key = unnamedId(finding);
      return this.#known(key, report) ?? (this.#spentOn(key) < MOST ? undefined : this.#first(key));
    });
    if (told.every((cause) => cause !== undefined)) return merged(told, outcome);
    let requests = outcome.requests;
    const ask = async (candidate: ManagedClientStatus, group: string): Promise<Outcome> => {
      requests += 1;
      return this.#run(reportProbe(candidate, this.#place, group));
    };
    // Under one name for all: the key of a failure must not depend on which cell or row it was.
    const keys = keysOf(await ask(report, UNNAMED));
    const causes: Named[] = [];
    for (const key of keys) {
      const cause = this.#known(key, report) ?? (await this.#find(key, report, ask));
      if (cause !== undefined) causes.push(cause);
    }
    const cost = requests - outcome.requests;
    for (const key of keys) this.#spent.set(key, this.#spentOn(key) + cost);
    return merged(causes.length < keys.length ? [] : causes, { ...outcome, requests });
  }

  #spentOn(key: string): number {
    return this.#spent.get(key) ?? 0;
  }

  #first(key: string): Named | undefined {
    return this.#causes.find((cause) => cause.key === key)?.outcome;
  }

  /** Settles one after the other; where that ends early, what was found is told under the name it had. */
  async *settleAll(failed: readonly Failed[]): AsyncGenerator<Outcome> {
    for (const [index, one] of failed.entries()) {
      try {
        yield await this.settle(one);
      } catch (error) {
        for (const { outcome } of failed.slice(index)) yield outcome;
        throw error;
      }
    }
  }

  /**
   * A request that is right as it stands, and failed: does the plainest one of its operation fail in the same way? Then it
   * is not what was bent.
   * @returns the outcome under the name of its cause
   */
  async againstPlain(probe: Probe, outcome: Outcome): Promise<Outcome> {
    const [step, ...others] = probe.steps;
    if (outcome.kind === 'not-verifiable' || step === undefined || others.length > 0) return outcome;
    const { operation, expectation } = step.asked;
    if (operation === undefined || !RIGHT.includes(expectation)) return outcome;
    const keys = findingsOf(outcome).map(unnamedId);
    const plain = await this.#plainOf(operation);
    const isExplained = keys.every((key) => plain.explains.has(key));
    return isExplained && plain.outcome !== undefined ? merged([plain.outcome], outcome) : outcome;
  }

  /** Asked once: most failures of requests that are right as they stand are that one. */
  #plainOf(operation: OperationId): Promise<Plain> {
    const asked = this.#plain.get(operation) ?? this.#askPlain(operation);
    this.#plain.set(operation, asked);
    return asked;
  }

  async #askPlain(operation: OperationId): Promise<Plain> {
    const unnamed = { id: UNNAMED, group: UNNAMED };
    const explains = new Set(keysOf(await this.#run(plainProbe(operation, this.#place, unnamed))));
    if (explains.size === 0) return { outcome: undefined, explains };
    const outcome = await this.#run(plainProbe(operation, this.#place));
    // What passes now explains nothing.
    const isFailing = outcome.kind !== 'not-verifiable' && outcome.findings.length > 0;
    return { outcome: isFailing ? outcome : undefined, explains };
  }

  #known(key: string, report: ManagedClientStatus): Named | undefined {
    return this.#causes.find((cause) => cause.key === key && holds(report, cause.report))?.outcome;
  }

  async #find(
    key: string,
    report: ManagedClientStatus,
    ask: (candidate: ManagedClientStatus, group: string) => Promise<Outcome>,
  ): Promise<Named | undefined> {
    const fails = async (candidate: ManagedClientStatus): Promise<boolean> =>
      keysOf(await ask(candidate, UNNAMED)).includes(key);
    const smallest = await ablate(report, fails);
    const isPlain = differences(smallest) === 'canonical';
    const outcome = isPlain
      ? await this.#run(plainProbe('updateManagedClientStatus', this.#place))
      : await ask(smallest, `valid@${differences(smallest)}`);
    if (outcome.kind === 'not-verifiable' || outcome.findings.length === 0) return undefined;
    this.#causes.push({ key, report: smallest, outcome });
    return outcome;
  }
}

/** The outcome under the names of its causes, or as it was where it has none. One smallest report may show several. */
function merged(causes: readonly Named[], outcome: Named): Outcome {
  const [first] = causes;
  if (first === undefined) return outcome;
  const findings = new Map(causes.flatMap((cause) => cause.findings).map((one) => [one.id, one]));
  return { ...first, findings: [...findings.values()], requests: outcome.requests };
}

/** The id that a failure has under the one name for all, whichever cell or row met it. */
export function unnamedId(finding: Finding): string {
  const { cell, site, operation, exchange } = finding;
  if (cell === undefined || site !== cell.group) return finding.id;
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
