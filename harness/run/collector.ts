import {
  severities,
  type Attempt,
  type ConsumerVersionName,
  type Details,
  type Finding,
  type InconclusiveReason,
  type Measured,
  type Outcome,
  type Skipped,
  type SkipReason,
} from '../../core/index.ts';
import type { Replay } from './replay/replay.ts';

/** A check without a result. */
export interface UnevaluatedCheck<Reason, Values extends Details> {
  readonly name: string;
  readonly suite: string;
  readonly reason: Reason;
  readonly details: Values;
}

/** The figures of a layer. */
export interface LayerTally {
  readonly name: string;
  attempted: number;
  evaluated: number;
  requests: number;
  durationMs: number;
  readonly skipped: UnevaluatedCheck<SkipReason, Skipped['details']>[];
  readonly inconclusive: UnevaluatedCheck<InconclusiveReason, Details>[];
  /** A check without which the layer has no verdict was inconclusive. */
  lacksRequiredCheck: boolean;
  /** The explanation if the layer did not complete. */
  stopped: string | undefined;
}

/** The figures of a suite. It is a test case in JUnit. */
export interface SuiteTally {
  readonly layer: string;
  readonly suite: string;
  readonly consumer: ConsumerVersionName | undefined;
  attempted: number;
  evaluated: number;
}

/** How often a mutation was sent, and how often it showed a finding. */
export interface MutationTally {
  attempted: number;
  failed: number;
}

/** A finding of the run: one entry per id. */
export interface CollectedFinding {
  finding: Finding;
  /** The layer that found it first. */
  readonly layer: string;
  readonly seenBy: string[];
  /** Keys of suites. */
  readonly suites: Set<string>;
  replay: Replay | undefined;
  /** How often it occurred. */
  count: number;
  /** Whether every request shows it, as is the case for conclusions from a whole trace; undefined if unknown. */
  isConstant: boolean | undefined;
}

/** Collects outcomes while they are emitted, so that nothing is lost if a run ends early. */
export class Collector {
  readonly layers = new Map<string, LayerTally>();
  readonly findings = new Map<string, CollectedFinding>();
  readonly suites = new Map<string, SuiteTally>();
  readonly mutations = new Map<string, MutationTally>();
  readonly measured: Record<string, Measured[string]> = {};

  layer(name: string): LayerTally {
    const known = this.layers.get(name);
    if (known !== undefined) return known;
    const tally: LayerTally = {
      name,
      attempted: 0,
      evaluated: 0,
      requests: 0,
      durationMs: 0,
      skipped: [],
      inconclusive: [],
      lacksRequiredCheck: false,
      stopped: undefined,
    };
    this.layers.set(name, tally);
    return tally;
  }

  add(outcome: Outcome<Replay>): void {
    const layer = this.layer(outcome.layer);
    const suiteTally = this.#suite(outcome);
    if (outcome.kind === 'skipped') {
      const { name, suite, reason, details, requests = 0 } = outcome;
      layer.requests += requests;
      layer.skipped.push({ name, suite, reason, details });
      return;
    }
    layer.requests += outcome.requests;
    for (const tally of [layer, suiteTally]) {
      tally.attempted += 1;
      if (outcome.kind === 'evaluated') tally.evaluated += 1;
    }
    const isMasked = outcome.inconclusive.some(({ reason }) => reason === 'environment.intermediary');
    // An intermediary that answers some requests hides the service from all checks of that kind.
    if (outcome.kind === 'inconclusive' && (outcome.required || isMasked)) layer.lacksRequiredCheck = true;
    const [first] = outcome.inconclusive;
    if (first !== undefined) {
      const { name, suite } = outcome;
      layer.inconclusive.push({ name, suite, reason: first.reason, details: first.details });
    }
    this.#countMutation(outcome);
    for (const finding of outcome.findings) this.#addFinding(finding, outcome);
    for (const [name, value] of Object.entries(outcome.measured ?? {})) this.#measure(name, value);
  }

  /** The number of requests that could have shown a finding; undefined if unknown. */
  sent({ count, suites, isConstant }: CollectedFinding): number | undefined {
    if (isConstant === undefined) return undefined;
    if (isConstant) return count;
    const attempts = [...suites].map((key) => this.suites.get(key)?.attempted ?? 0);
    return Math.max(
      count + 1,
      attempts.reduce((sum, one) => sum + one, 0),
    );
  }

  /** Figures named `max…` keep their largest value, others the last one. */
  #measure(name: string, value: Measured[string]): void {
    const known = this.measured[name];
    const isSmaller =
      name.startsWith('max') && typeof known === 'number' && typeof value === 'number' && value < known;
    if (!isSmaller) this.measured[name] = value;
  }

  /** Names of mutations have the form `<mutation>@<member>`. */
  #countMutation({ layer, name, findings }: Attempt<Replay>): void {
    if (layer !== 'property' || !name.includes('@')) return;
    const tally = this.mutations.get(name) ?? { attempted: 0, failed: 0 };
    this.mutations.set(name, tally);
    tally.attempted += 1;
    if (findings.length > 0) tally.failed += 1;
  }

  #suite({ layer, suite, consumer }: Outcome): SuiteTally {
    const key = keyOf(layer, suite);
    const tally = this.suites.get(key) ?? { layer, suite, consumer, attempted: 0, evaluated: 0 };
    this.suites.set(key, tally);
    return tally;
  }

  #addFinding(finding: Finding, { layer, suite, replay, required }: Attempt<Replay>): void {
    const key = keyOf(layer, suite);
    const known = this.findings.get(finding.id);
    if (known === undefined) {
      const suites = new Set([key]);
      // Only the load layer draws conclusions from whole traces.
      const isConstant = layer === 'load' ? required : undefined;
      const first = { finding, layer, seenBy: [layer], suites, replay, count: 1, isConstant };
      this.findings.set(finding.id, first);
      return;
    }
    known.count += 1;
    // A pending contract must not hide a failure that counts.
    if (severities.indexOf(finding.severity) < severities.indexOf(known.finding.severity)) {
      known.finding = finding;
      known.replay = replay;
    }
    known.suites.add(key);
    if (!known.seenBy.includes(layer)) known.seenBy.push(layer);
  }
}

function keyOf(layer: string, suite: string): string {
  return `${layer} ${suite}`;
}
