import * as fc from 'fast-check';

import {
  baseReport,
  managedClientStatusEnum,
  readableTypes,
  typeQuery,
  type ManagedClientStatus,
  type ReadableType,
} from '../../core/index.ts';
import type { RequestSpec } from '../../core/client/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { storedTimestamps } from '../arbitraries/timestamps.ts';
import { readSpec, trackedWriteSpec, writeSpec } from '../runner/requests.ts';
import { seedFor } from '../runner/seeds.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { WriteIds } from '../runner/write-ids.ts';
import { rejectedReportIn, type FailedReport } from '../triage/reports.ts';
import type { Consistency, SuiteContext } from './suite.ts';

/**
 * Runs test cases about stored state one after the other. A valid report that is rejected fails like any other report:
 * it is attributed at the end, because a write in between would change the state of the next test case.
 */
export async function runStoredState(testCases: readonly TestCase[], context: SuiteContext): Promise<void> {
  const { run, attribution, report } = context;
  const failed: FailedReport[] = [];
  for (const testCase of testCases) {
    const outcome = await run(testCase);
    const rejected = rejectedReportIn(outcome);
    if (rejected === undefined) await report(outcome);
    else failed.push({ outcome, report: rejected });
  }
  for (const one of failed) {
    for (const outcome of await attribution.attributeReport(one)) await report(outcome);
  }
}

/** Test cases that write and read the stored status of one managed client. */
export function storedStateTestCases(seed: number, target: TargetIds, consistency: Consistency): TestCase[] {
  const writes = new TrackedWrites(seedFor(seed, 'writes'), Date.UTC(2021, 0, 1), target);
  const readBack = [
    ...readableTypes.map((type) => writes.readBack(`read-back-${type}`, { ...baseReport, type })),
    ...managedClientStatusEnum.enum.map((status) =>
      writes.readBack(`read-back-${status}`, { ...baseReport, status }),
    ),
    ...Object.entries(storedTimestamps).map(([name, timestamp]) => writes.timestamp(name, timestamp)),
    ...readableTypes.slice(1).map((type) => writes.otherType(type)),
    ...Object.entries(exactValues).map(([name, json]) => writes.exactValue(name, json)),
    // A service may reject half of a surrogate pair, but it must not replace it.
    writes.exactValue('half-surrogate', String.raw`["\ud83d","a\udc00"]`, 'either'),
    writes.replaced(),
    writes.repeated(),
  ];
  if (consistency === 'eventual') return readBack.map(withRepeatedRead);
  // These need reads that are never stale.
  const rejected = Object.entries(rejectedReports).map(([name, report]) => writes.rejected(name, report));
  return [...readBack, writes.readTwice(), ...rejected];
}

export interface RandomStateOptions {
  readonly seed: number;
  readonly target: TargetIds;
  readonly randomBodies: number;
  readonly consistency: Consistency;
}

/** Writes random reports and reads them back. */
export function randomStateTestCases(options: RandomStateOptions): TestCase[] {
  const { seed, target, randomBodies, consistency } = options;
  const writes = new TrackedWrites(seedFor(seed, 'random writes'), Date.UTC(2024, 0, 1), target);
  const testCases = randomReports(seed, Math.ceil(randomBodies / 10)).map((report, index) =>
    writes.readBack(`read-back-random-${index}`, report),
  );
  return consistency === 'eventual' ? testCases.map(withRepeatedRead) : testCases;
}

/** Repeats the final read until it returns the write. */
function withRepeatedRead(testCase: TestCase): TestCase {
  return { ...testCase, repeatedSteps: 1 };
}

/** Reads before the first write: the status stays the same, unless another client reports. */
export function quietReads(target: TargetIds): TestCase {
  const steps = Array.from({ length: 5 }, () => readSpec({ target, expectation: 'accept' }));
  return { name: 'quiet-reads', suite: 'stored-state', steps, relation: 'stable-reads' };
}

function randomReports(seed: number, numRuns: number): ManagedClientStatus[] {
  if (numRuns === 0) return [];
  const reports = fc.sample(managedClientStatus(), { seed: seedFor(seed, 'read-back'), numRuns });
  return reports.map((report) => ({ ...report, type: report.type ?? 'CCG' }));
}

/** Values that services often change when they store them, as JSON text, because most decimals are not doubles. */
const exactValues: Record<string, string> = {
  numbers: '[9007199254740993,9223372036854775807,18446744073709551615,-0,1.0,1E+2,0.10000000000000001]',
  texts: JSON.stringify([' padded ', 'e\u0301', '\u00e9', '\ufb01', '😀', 'nul\0', '<b>&amp;</b>', 'MiXeD']),
  lengths: JSON.stringify(['x'.repeat(300), 'é'.repeat(2000)]),
  keys: '{"":1,"a.b":null,"__proto__":null,"constructor":1,"$where":"","Case":1,"case":2,"é":1}',
  arrays: '[3,1,2,1,[],[[null]],{},[{"b":1,"a":[]}],"",false]',
  'texts-like-values':
    '["2020-01-01T00:00:00Z","2020-01-01","1e5","007","0x10","true","False","null","NaN","Infinity","-0","1_000","+1","no","on","{}","[]",""]',
  'texts-like-code':
    '["${x}","{{x}}","%s","$1","\\\\","\\/","a\\u0000b","<!--","--","\'","&lt;","=1+1","@x"]',
  escapes: String.raw`["\ud83d\ude00","\u00e9","\u2028\u2029","\u007f","\b\f\n\r\t","\ufeff","\ufffd"]`,
  'small-numbers': '[0,0.1,1e-7,5e-324,-1,0.30000000000000004,123456.789]',
  'large-numbers': '[2147483647,2147483648,4294967296,-9007199254740993,1e21,1.7976931348623157e308]',
  booleans: '[true,false,null,{"a":true,"b":false,"c":null}]',
  spaces: '["", " ", "\\n", "a  b", " a"]',
  depth: `${'['.repeat(40)}1${']'.repeat(40)}`,
  width: JSON.stringify(Array.from({ length: 500 }, (_, index) => index)),
};

interface RejectedReport {
  /** The class of the mutations that reveal the same defect. */
  readonly fingerprintClass: string;
  readonly text: (report: ManagedClientStatus) => string;
}

/** Invalid reports that a service rejects at different stages. */
const rejectedReports: Record<string, RejectedReport> = {
  'missing-status': {
    fingerprintClass: 'required@status',
    text: ({ status: _, ...rest }) => JSON.stringify(rest),
  },
  'lower-status': {
    fingerprintClass: 'enum-case@status',
    text: (report) => JSON.stringify({ ...report, status: 'failed' }),
  },
  'bad-timestamp': {
    fingerprintClass: 'date-time-word@timestamp',
    text: (report) => JSON.stringify({ ...report, timestamp: 'now' }),
  },
  truncated: {
    fingerprintClass: 'truncated@json',
    text: (report) => JSON.stringify(report).slice(0, -1),
  },
};

/** Creates test cases whose writes have write ids. Counts them. */
class TrackedWrites {
  readonly #target: TargetIds;
  readonly #writeIds: WriteIds;

  /** @param epoch milliseconds before all timestamps; they must not overlap with those of other suites */
  constructor(seed: number, epoch: number, target: TargetIds) {
    this.#target = target;
    this.#writeIds = new WriteIds(`${seed >>> 0}-`, epoch);
  }

  readBack(name: string, report: ManagedClientStatus): TestCase {
    const tracked = this.#track(report);
    return readYourWrites(name, [this.#write(tracked, name), this.#read(tracked.type as ReadableType)]);
  }

  /** A timestamp that must be returned as the same instant. */
  timestamp(name: string, timestamp: string): TestCase {
    const mutation = { name: `stored-time-${name}`, fingerprintClass: 'valid@timestamp' };
    const body = JSON.stringify({ ...this.#track(baseReport), timestamp });
    const write = writeSpec({ target: this.#target, body, expectation: 'accept', mutation });
    return readYourWrites(mutation.name, [write, this.#read('CCG')]);
  }

  /** A value that must be returned without any change. */
  exactValue(name: string, json: string, expectation: 'accept' | 'either' = 'accept'): TestCase {
    const body = JSON.stringify(this.#track(baseReport)).replace('"state":null', () => `"exact":${json}`);
    const mutation = { name: `exact-${name}`, fingerprintClass: 'valid@body' };
    const write = writeSpec({ target: this.#target, body, expectation, mutation });
    return readYourWrites(mutation.name, [write, this.#read('CCG')]);
  }

  /** A report replaces the previous one completely. */
  replaced(): TestCase {
    const earlier = this.#write(this.#track({ ...baseReport, body: { earlier: 1 } }), 'earlier');
    const later = this.#write(this.#track(baseReport), 'later');
    return readYourWrites('replaced', [earlier, later, this.#read('CCG')]);
  }

  /** A report that is sent twice, as by a client that saw no response. */
  repeated(): TestCase {
    const write = this.#write(this.#track({ ...baseReport, status: 'WARNING' }), 'repeated');
    return readYourWrites('repeated', [write, write, this.#read('CCG')]);
  }

  /** A write of another type between a write and its read. */
  otherType(type: ReadableType): TestCase {
    const [first, second] = [this.#track(baseReport), this.#track({ ...baseReport, type })];
    const steps = [this.#write(first, 'apart'), this.#write(second, 'apart'), this.#read('CCG')];
    return readYourWrites(`apart-${type}`, steps);
  }

  /** Reads have no side effect. */
  readTwice(): TestCase {
    const read = this.#read('CCG');
    const steps = [this.#write(this.#track(baseReport), 'read-again'), read, read, read];
    return { name: 'read-again', suite: 'stored-state', steps, relation: 'stable-reads' };
  }

  rejected(name: string, { fingerprintClass, text }: RejectedReport): TestCase {
    const read = this.#read('CCG');
    const write = writeSpec({
      target: this.#target,
      body: text(this.#track({ ...baseReport, status: 'FAILED' })),
      expectation: 'reject',
      mutation: { name: `rejected-${name}`, fingerprintClass },
    });
    return {
      name: `rejected-${name}`,
      suite: 'rejected-write',
      steps: [read, read, write, read],
      relation: 'rejected-write',
    };
  }

  #track(report: ManagedClientStatus): ManagedClientStatus {
    return this.#writeIds.addTo({ ...report, body: { ...report.body, state: null } });
  }

  #write(report: ManagedClientStatus, name: string): RequestSpec {
    return trackedWriteSpec(this.#target, report, name);
  }

  #read(type: ReadableType): RequestSpec {
    return readSpec({ target: this.#target, query: typeQuery(type), expectation: 'accept' });
  }
}

function readYourWrites(name: string, steps: readonly RequestSpec[]): TestCase {
  return { name, suite: 'stored-state', steps, relation: 'read-your-writes' };
}
