import {
  fingerprint,
  type Expectation,
  type Finding,
  type ManagedClientStatus,
  type Outcome,
} from '../contracts/index.ts';
import { ablate, differences } from './ablate.ts';
import type { Place } from './place.ts';
import type { Probe } from './probe.ts';
import { plainProbe, reportProbe, UNNAMED } from './report-probe.ts';
import { keysOf } from './run-probe.ts';

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
  readonly outcome: Outcome;
}

/**
 * Names failures of valid reports after the members that make them fail, so that one defect has one finding: whatever
 * phase met it, and whatever else was unusual in the report.
 */
export class Attribution {
  readonly #place: Place;
  readonly #run: (probe: Probe) => Promise<Outcome>;
  readonly #causes: Cause[] = [];
  readonly #spent = new Map<string, number>();

  constructor(place: Place, run: (probe: Probe) => Promise<Outcome>) {
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
      if (cause !== undefined && cause.kind !== 'not-verifiable') causes.push(cause);
    }
    const cost = requests - outcome.requests;
    for (const key of keys) this.#spent.set(key, this.#spentOn(key) + cost);
    return merged(causes.length < keys.length ? [] : causes, { ...outcome, requests });
  }

  #spentOn(key: string): number {
    return this.#spent.get(key) ?? 0;
  }

  #first(key: string): Named | undefined {
    const known = this.#causes.find((cause) => cause.key === key)?.outcome;
    return known === undefined || known.kind === 'not-verifiable' ? undefined : known;
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
    const { operation, cell, expectation } = step.asked;
    if (operation === undefined || !RIGHT.includes(expectation)) return outcome;
    const control = keysOf(await this.#run(plainProbe(operation, this.#place, cell)));
    const isSame = keysOf(outcome).every((key) => control.includes(key));
    if (!isSame) return outcome;
    const plain = await this.#run(plainProbe(operation, this.#place));
    // What passes now explains nothing.
    return plain.kind === 'not-verifiable' || plain.findings.length === 0
      ? outcome
      : merged([plain], outcome);
  }

  #known(key: string, report: ManagedClientStatus): Named | undefined {
    const known = this.#causes.find((cause) => cause.key === key && holds(report, cause.report));
    return known === undefined || known.outcome.kind === 'not-verifiable' ? undefined : known.outcome;
  }

  async #find(
    key: string,
    report: ManagedClientStatus,
    ask: (candidate: ManagedClientStatus, group: string) => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    const fails = async (candidate: ManagedClientStatus): Promise<boolean> =>
      keysOf(await ask(candidate, UNNAMED)).includes(key);
    const smallest = await ablate(report, fails);
    const isPlain = differences(smallest) === 'canonical';
    const outcome = isPlain
      ? await this.#run(plainProbe('updateManagedClientStatus', this.#place))
      : await ask(smallest, `valid@${differences(smallest)}`);
    if (keysOf(outcome).length === 0) return undefined;
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
