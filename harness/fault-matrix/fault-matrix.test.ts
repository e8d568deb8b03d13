import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { codes, severities, type Code } from '../../core/index.ts';
import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { CommandWorker } from '../../test-support/run-command.ts';
import { k6ForTests } from '../../test-support/tools.ts';
import { packagePaths } from '../package-paths.ts';
import type { Report } from '../reports/report.ts';
import { layerNames, type LayerName } from '../run/layer-names.ts';
import { MIN_EVALUATED_SHARE } from '../run/verdict.ts';
import { rows, type FaultRow } from './fault-matrix.cases.ts';

const k6 = await k6ForTests(process.env);

const SEED = '1';
const TIMEOUT_MS = 780_000;

/** The number of concurrent runs. Load mostly waits for windows to end, but its results depend on a prompt processor. */
const lanes = { functional: 2, load: 6, nightly: 4 };
type Lane = keyof typeof lanes;
const REPEATING_LANES = 2;

const reports = new Map<FaultName, Report | undefined>();

/** A single pact, for rows in which contracts find nothing: the other consumers send the same requests. */
const onePact = mkdtempSync(join(tmpdir(), 'mch-pact-'));
const PACT = 'typescript-sdk-managed-clients.json';
copyFileSync(join(packagePaths.pacts, PACT), join(onePact, PACT));
afterAll(() => rmSync(onePact, { recursive: true, force: true }));

const faultRows = Object.entries(rows) as [FaultName, FaultRow][];

beforeAll(async () => {
  await Promise.all(
    (Object.keys(lanes) as Lane[]).flatMap((lane) => {
      const queue = faultRows.filter(([name]) => laneOf(name) === lane);
      return Array.from({ length: lanes[lane] }, () => runRows(lane, queue));
    }),
  );
  await repeatDisturbed();
}, TIMEOUT_MS);

/**
 * Runs rows of the load layer once more, with few other runs, if they differ from the expectation. Another run on the same
 * processor may delay a burst beyond the end of a window. A defect of the harness differs again.
 */
async function repeatDisturbed(): Promise<void> {
  const disturbed = faultRows.filter(
    ([name, row]) => laneOf(name) !== 'functional' && !isAsExpected(name, row),
  );
  if (disturbed.length === 0) return;
  console.warn(`repeated with few other runs: ${disturbed.map(([name]) => name).join(', ')}`);
  await Promise.all(Array.from({ length: REPEATING_LANES }, () => runRows('load', disturbed)));
}

function isAsExpected(name: FaultName, row: FaultRow): boolean {
  if (row.endsRun !== undefined || k6.missing !== undefined) return true;
  return layersFor(name).every((layer) => {
    const { missed, unexpected } = differences(layer, name, row);
    const { stopped, isEnough } = completeness(layer, name);
    return (
      missed.length + unexpected.length === 0 && stopped === null && isEnough !== isInconclusive(name, layer)
    );
  });
}

/** Runs the rows of a queue, which several workers share. Load depends on the time, and the other layers do not. */
async function runRows(lane: Lane, queue: [FaultName, FaultRow][]): Promise<void> {
  const worker = new CommandWorker({ isBackground: lane === 'functional' });
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, row] = next;
      const layers = layersFor(name).filter((layer) => layer !== 'load' || k6.missing === undefined);
      if (layers.length === 0) continue;
      const { report } = await worker.run(['run', ...layers, ...flagsFor(name, row)]);
      reports.set(name, report);
    }
  } finally {
    worker.close();
  }
}

function laneOf(name: FaultName): Lane {
  const { alone }: FaultRow = rows[name];
  if (alone === 'nightly') return 'nightly';
  return layersFor(name).includes('load') ? 'load' : 'functional';
}

function flagsFor(name: FaultName, { quota = '20/2s', contracts, alone }: FaultRow): string[] {
  const pacts = contracts === undefined ? ['--pacts', onePact] : [];
  const amount = alone === undefined ? pacts : ['--profile', alone];
  return ['--fault', name, '--quota', quota, '--seed', SEED, ...amount];
}

/** The load layer sends ordinary requests, so it does not run for faults that only unusual ones reveal. */
function layersFor(name: FaultName): readonly LayerName[] {
  const { load, alone, only }: FaultRow = rows[name];
  if (alone !== undefined) return ['load'];
  if (only !== undefined) return [only];
  return load === undefined && faults[name].group !== 'L' ? ['contracts', 'property'] : layerNames;
}

describe.each(faultRows)('%s', (name, row) => {
  const layers = layersFor(name);
  const { endsRun, inconclusive = [] } = row;
  if (endsRun !== undefined) {
    test('the preflight explains why the run ends', () => {
      const [first] = reports.get(name)?.layers ?? [];
      expect([first?.stopped, reports.get(name)?.exitCode]).toEqual([expect.stringContaining(endsRun), 3]);
    });
    return;
  }
  for (const layer of inconclusive) {
    test(`${layer} has no verdict`, () => {
      const own = reports.get(name)?.layers.find((one) => one.name === layer);
      expect([own?.verdict, own?.inconclusive.length]).toEqual(['inconclusive', expect.any(Number)]);
    });
  }

  for (const layer of layers.filter((one) => one !== 'load')) testLayer(layer, name, row);
  if (layers.includes('load')) describeWith(k6, () => testLayer('load', name, row));

  const testExitCode = (): void =>
    test('the exit code follows from the findings', () => {
      const report = reports.get(name);
      expect(report).toBeDefined();
      expect({ exitCode: report?.exitCode }).toEqual({ exitCode: report && exitCodeFor(name, report) });
    });
  if (layers.every((layer) => layer === 'load')) describeWith(k6, testExitCode);
  else testExitCode();
});

function testLayer(layer: LayerName, name: FaultName, row: FaultRow): void {
  const expected = row[layer] ?? [];
  test(`${layer} finds ${expected.join(', ') || 'nothing'}`, () => {
    expect(differences(layer, name, row)).toEqual({ missed: [], unexpected: [] });
  });

  test(`${layer} completes and evaluates enough`, () => {
    expect(completeness(layer, name)).toEqual({ stopped: null, isEnough: !isInconclusive(name, layer) });
  });
}

function differences(
  layer: LayerName,
  name: FaultName,
  row: FaultRow,
): { readonly missed: readonly Code[]; readonly unexpected: readonly Code[] } {
  const expected = row[layer] ?? [];
  const found = codesFoundBy(layer, reports.get(name));
  const allowed = [...expected, ...(row.also ?? [])];
  return {
    missed: expected.filter((code) => !found.has(code)),
    unexpected: [...found].filter((code) => !allowed.includes(code)),
  };
}

function completeness(
  layer: LayerName,
  name: FaultName,
): { readonly stopped: unknown; readonly isEnough: boolean } {
  const own = reports.get(name)?.layers.find((one) => one.name === layer);
  const { stopped, attempted = 0, evaluated = 0 } = own ?? {};
  return { stopped, isEnough: evaluated >= MIN_EVALUATED_SHARE * attempted && evaluated > 0 };
}

/** Above the quota, 503 is an answer of a gateway and 403 one about the token, so the load layer is inconclusive. */
function isInconclusive(name: FaultName, layer: LayerName): boolean {
  return ['limit-answers-503', 'limit-answers-403'].includes(name) && layer === 'load';
}

function codesFoundBy(layer: LayerName, report: Report | undefined): Set<Code> {
  const findings = report?.findings ?? [];
  return new Set(findings.filter(({ seenBy }) => seenBy.includes(layer)).map(({ code }) => code));
}

function exitCodeFor(name: FaultName, { findings }: Report): number {
  const { inconclusive }: FaultRow = rows[name];
  const worst = findings.map(({ severity }) => severities.indexOf(severity));
  if (Math.min(...worst, severities.length) <= severities.indexOf('major')) return 1;
  if (inconclusive !== undefined) return 3;
  // The contract about an exhausted quota has no verdict if a gateway answers. Only the load layer has a finding.
  return name === 'limit-answers-503' && k6.missing !== undefined ? 3 : 0;
}

describe('a defect has the same id in all layers that send the same mutation', () => {
  const isShared = (name: FaultName): boolean =>
    (reports.get(name)?.findings ?? []).some(({ seenBy }) => seenBy.length > 1);

  test.each<FaultName>(['application-may-post', 'unknown-id-answers-500', 'get-answers-empty'])(
    '%s',
    (name) => expect(isShared(name)).toBe(true),
  );

  describeWith(k6, () => {
    test('limit-without-message', () => expect(isShared('limit-without-message')).toBe(true));
  });
});

test('only benign variants are found by no layer', () => {
  const isExplained = ({ endsRun, inconclusive }: FaultRow): boolean =>
    endsRun !== undefined || inconclusive !== undefined;
  const notFound = faultRows.filter(
    ([, row]) => layerNames.every((layer) => !row[layer]?.length) && !isExplained(row),
  );
  const benign = faultRows.filter(([name]) => faults[name].group === 'L');
  expect(notFound.map(([name]) => name)).toEqual(benign.map(([name]) => name));
});

test('every code is expected by a row', () => {
  const expected = new Set(faultRows.flatMap(([, row]) => layerNames.flatMap((layer) => row[layer] ?? [])));
  const unproven = (Object.keys(codes) as Code[]).filter((code) => !expected.has(code));
  expect(unproven).toEqual([]);
});
