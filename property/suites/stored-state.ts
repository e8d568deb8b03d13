import * as fc from 'fast-check';

import {
  managedClientStatusEnum,
  readableTypes,
  type ManagedClientStatus,
  type ReadableType,
} from '../../core/index.ts';
import type { Step } from '../../core/client/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { canonical } from '../runner/base-report.ts';
import { Marks } from '../runner/write-ids.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import type { Consistency } from './concurrent-histories.ts';
import { writeStep } from '../triage/control-request.ts';
import { getStep, postStep } from '../runner/requests.ts';
import { seedFor } from '../runner/seeds.ts';

/** Probes about what is stored. They write to the same records, so they are sent one after the other. */
export function stateProbes(seed: number, place: Place, consistency: Consistency): Probe[] {
  const writes = new Writes(seedFor(seed, 'writes'), Date.UTC(2021, 0, 1), place);
  const readBack = [
    ...readableTypes.map((type) => writes.readBack(`read-back-${type}`, { ...canonical, type })),
    ...managedClientStatusEnum.enum.map((status) =>
      writes.readBack(`read-back-${status}`, { ...canonical, status }),
    ),
    ...readableTypes.slice(1).map((type) => writes.apart(type)),
    ...Object.entries(exact).map(([name, member]) => writes.exact(name, member)),
    writes.replaced(),
    writes.repeated(),
  ];
  // Reads that need not agree yet say nothing of what changed between them.
  if (consistency === 'eventual') return readBack.map(settled);
  const rejected = Object.entries(rejectable).map(([name, body]) => writes.rejected(name, body));
  return [...readBack, writes.readTwice(), ...rejected];
}

/** Random reports, written and read back. */
export function randomStateProbes({ seed, place, randomBodies, consistency }: RandomStateOptions): Probe[] {
  const writes = new Writes(seedFor(seed, 'random writes'), Date.UTC(2024, 0, 1), place);
  const probes = randomReports(seed, Math.ceil(randomBodies / 10)).map((report, index) =>
    writes.readBack(`read-back-random-${index}`, report),
  );
  return consistency === 'eventual' ? probes.map(settled) : probes;
}

interface RandomStateOptions {
  readonly seed: number;
  readonly place: Place;
  readonly randomBodies: number;
  readonly consistency: Consistency;
}

/** The read is asked again until it shows the write, for as long as that may take. */
function settled(probe: Probe): Probe {
  return { ...probe, settling: 1 };
}

/** Before the fuzzer writes anything: what is there stays as it is, or is replaced by what others report. */
export function quietReads(place: Place): Probe {
  const read = getStep({ place, expectation: 'accept' });
  const steps = Array.from({ length: 5 }, () => read);
  return { what: 'quiet-reads', family: 'read-back', steps, relation: 'stable-reads' };
}

function randomReports(seed: number, numRuns: number): ManagedClientStatus[] {
  if (numRuns === 0) return [];
  const reports = fc.sample(managedClientStatus(), { seed: seedFor(seed, 'read-back'), numRuns });
  return reports.map((report) => ({ ...report, type: report.type ?? 'CCG' }));
}

/** Values that services change when they keep them: as JSON text, for most decimals are no doubles. */
const exact: Record<string, string> = {
  numbers: '[9007199254740993,9223372036854775807,18446744073709551615,-0,1.0,1E+2,0.10000000000000001]',
  texts: JSON.stringify([' padded ', 'e\u0301', '\u00e9', '\ufb01', '😀', 'nul\0', '<b>&amp;</b>', 'MiXeD']),
  lengths: JSON.stringify(['x'.repeat(300), 'é'.repeat(2000)]),
  keys: '{"":1,"a.b":null,"__proto__":null,"constructor":1,"$where":"","Case":1,"case":2,"é":1}',
  arrays: '[3,1,2,1,[],[[null]],{},[{"b":1,"a":[]}],"",false]',
};

interface Spoiled {
  /** The group of the cells that the same defect would break. */
  readonly group: string;
  readonly text: (report: ManagedClientStatus) => string;
}

/** Reports that have to be rejected, each at another stage of a service. */
const rejectable: Record<string, Spoiled> = {
  'missing-status': { group: 'required@status', text: ({ status: _, ...rest }) => JSON.stringify(rest) },
  'lower-status': { group: 'enum@status', text: (report) => JSON.stringify({ ...report, status: 'failed' }) },
  'bad-timestamp': {
    group: 'date-time@timestamp',
    text: (report) => JSON.stringify({ ...report, timestamp: 'now' }),
  },
  truncated: { group: 'truncated@json', text: (report) => JSON.stringify(report).slice(0, -1) },
};

/** Probes that write what can be told apart. */
class Writes {
  readonly #place: Place;
  readonly #marks: Marks;

  /** @param epoch milliseconds, before the instants of all its writes and of no other's */
  constructor(seed: number, epoch: number, place: Place) {
    this.#place = place;
    this.#marks = new Marks(`${seed >>> 0}-`, epoch);
  }

  readBack(what: string, report: ManagedClientStatus): Probe {
    const marked = this.#mark(report);
    return {
      what,
      family: 'read-back',
      steps: [this.#post(marked, what), this.#get(marked.type as ReadableType)],
      relation: 'echo',
    };
  }

  /** A value that has to come back exactly. */
  exact(name: string, json: string): Probe {
    const text = JSON.stringify(this.#mark(canonical)).replace('"state":null', () => `"exact":${json}`);
    const cell = { id: `exact-${name}`, group: 'valid@body' };
    const write = postStep({ place: this.#place, body: text, expectation: 'accept', cell });
    return {
      what: `exact-${name}`,
      family: 'read-back',
      steps: [write, this.#get('CCG')],
      relation: 'echo',
    };
  }

  /** A report takes the place of the one before: nothing of that is left. */
  replaced(): Probe {
    const earlier = this.#mark({ ...canonical, body: { earlier: 1 } });
    return {
      what: 'replaced',
      family: 'read-back',
      steps: [this.#post(earlier, 'earlier'), this.#post(this.#mark(canonical), 'later'), this.#get('CCG')],
      relation: 'echo',
    };
  }

  /** A report that comes twice, as from a client that saw no answer, is stored as once. */
  repeated(): Probe {
    const report = this.#mark({ ...canonical, status: 'WARNING' });
    const write = this.#post(report, 'repeated');
    return {
      what: 'repeated',
      family: 'read-back',
      steps: [write, write, this.#get('CCG')],
      relation: 'echo',
    };
  }

  /** Reading changes nothing. */
  readTwice(): Probe {
    const read = this.#get('CCG');
    return {
      what: 'read-again',
      family: 'read-back',
      steps: [this.#post(this.#mark(canonical), 'read-again'), read, read, read],
      relation: 'stable-reads',
    };
  }

  /** A write under another type comes between a write and its read. */
  apart(type: ReadableType): Probe {
    const [first, second] = [this.#mark(canonical), this.#mark({ ...canonical, type })];
    return {
      what: `apart-${type}`,
      family: 'read-back',
      steps: [this.#post(first, 'apart'), this.#post(second, 'apart'), this.#get('CCG')],
      relation: 'echo',
    };
  }

  rejected(name: string, { group, text }: Spoiled): Probe {
    const read = this.#get('CCG');
    const bad = postStep({
      place: this.#place,
      body: text(this.#mark({ ...canonical, status: 'FAILED' })),
      expectation: 'reject',
      cell: { id: `rejected-${name}`, group },
    });
    return {
      what: `rejected-${name}`,
      family: 'rejected-write',
      steps: [read, read, bad, read],
      relation: 'rejected-write',
    };
  }

  #mark(report: ManagedClientStatus): ManagedClientStatus {
    return this.#marks.mark({ ...report, body: { ...report.body, state: null } });
  }

  #post(report: ManagedClientStatus, id: string): Step {
    return writeStep(this.#place, report, id);
  }

  #get(type: ReadableType): Step {
    return getStep({ place: this.#place, query: `?type=${type}`, expectation: 'accept' });
  }
}
