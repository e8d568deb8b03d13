import {
  severities,
  type DoubtCode,
  type Details,
  type Finding,
  type Measured,
  type Notice,
  type ObstacleCode,
  type Outcome,
  type Rerun,
} from '../../core/index.ts';

/** One thing that could not be told, or not be tried. */
export interface Open<Code> {
  readonly what: string;
  readonly group: string;
  readonly code: Code;
  readonly details: Details;
}

/** What a layer did, in figures. */
export interface LayerTally {
  readonly name: string;
  attempted: number;
  evaluated: number;
  requests: number;
  durationMs: number;
  readonly notVerifiable: Open<ObstacleCode>[];
  readonly inconclusive: Open<DoubtCode>[];
  /** Something without which there is no verdict could not be told. */
  undecided: boolean;
  /** A sentence, where the layer did not come to its end. */
  stopped: string | undefined;
}

type Evaluated = Exclude<Outcome, { kind: 'not-verifiable' }>;

/** A finding over the whole run: one entry per id, whoever saw it. */
export interface Collected {
  finding: Finding;
  readonly layer: string;
  readonly seenBy: string[];
  readonly groups: Set<string>;
  rerun: Rerun | undefined;
  /** How often it was seen. */
  count: number;
  /** Whether the failure comes back with each request, as what follows from a whole trace does; undefined if that is not known. */
  isConstant: boolean | undefined;
}

/** A case of JUnit: everything that counts under one group of a layer. */
export interface GroupTally {
  readonly layer: string;
  readonly group: string;
  attempted: number;
  evaluated: number;
}

/** Gathers outcomes as they come: nothing that was measured is lost when a run ends early. */
export class Collector {
  readonly layers = new Map<string, LayerTally>();
  readonly findings = new Map<string, Collected>();
  readonly groups = new Map<string, GroupTally>();
  /** By cell. */
  readonly signatures = new Map<string, string>();
  readonly notices: Notice[] = [];
  readonly measured: Record<string, Measured[string]> = {};

  layer(name: string): LayerTally {
    const known = this.layers.get(name);
    if (known !== undefined) return known;
    const fresh: LayerTally = {
      name,
      attempted: 0,
      evaluated: 0,
      requests: 0,
      durationMs: 0,
      notVerifiable: [],
      inconclusive: [],
      undecided: false,
      stopped: undefined,
    };
    this.layers.set(name, fresh);
    return fresh;
  }

  add(outcome: Outcome): void {
    const tally = this.layer(outcome.layer);
    const counted = this.#group(outcome);
    if (outcome.kind === 'not-verifiable') {
      const { what, group, reason: code, details } = outcome;
      tally.notVerifiable.push({ what, group, code, details });
      return;
    }
    tally.attempted += 1;
    counted.attempted += 1;
    tally.requests += outcome.requests;
    if (outcome.kind === 'evaluated') {
      tally.evaluated += 1;
      counted.evaluated += 1;
    }
    for (const notice of outcome.notices ?? []) this.#notice(notice);
    if (outcome.signature !== undefined) this.signatures.set(outcome.what, outcome.signature);
    if (outcome.kind === 'inconclusive' && outcome.decisive) tally.undecided = true;
    const [doubt] = outcome.doubts;
    if (doubt !== undefined) tally.inconclusive.push({ ...doubt, what: outcome.what, group: outcome.group });
    for (const finding of outcome.findings) this.#find(finding, outcome);
    Object.assign(this.measured, outcome.measured);
  }

  /** How often requests were sent that could have shown a finding, undefined if that is not known. */
  sent({ count, groups, isConstant }: Collected): number | undefined {
    if (isConstant === undefined || isConstant) return isConstant && count;
    const attempts = [...groups].map((key) => this.groups.get(key)?.attempted ?? 0);
    return Math.max(
      count + 1,
      attempts.reduce((sum, one) => sum + one, 0),
    );
  }

  /** Of several ages the greatest is the answer. */
  #notice(notice: Notice): void {
    const same =
      notice.code === 'state.history.age' ? this.notices.findIndex(({ code }) => code === notice.code) : -1;
    const known = this.notices[same];
    if (known === undefined) this.notices.push(notice);
    else if (Number(notice.details['age']) > Number(known.details['age'])) this.notices[same] = notice;
  }

  #group({ layer, group }: Outcome): GroupTally {
    const key = `${layer} ${group}`;
    const tally = this.groups.get(key) ?? { layer, group, attempted: 0, evaluated: 0 };
    this.groups.set(key, tally);
    return tally;
  }

  #find(finding: Finding, { layer, group, rerun, decisive }: Evaluated): void {
    const known = this.findings.get(finding.id);
    if (known === undefined) {
      const groups = new Set([`${layer} ${group}`]);
      const first = { finding, layer, seenBy: [layer], groups, rerun, count: 1, isConstant: decisive };
      this.findings.set(finding.id, first);
      return;
    }
    known.count += 1;
    // The worst of them decides: a pending contract must not hide one that counts.
    if (severities.indexOf(finding.severity) < severities.indexOf(known.finding.severity)) {
      known.finding = finding;
      known.rerun = rerun;
    }
    known.groups.add(`${layer} ${group}`);
    if (!known.seenBy.includes(layer)) known.seenBy.push(layer);
  }
}
