import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { codes, severities, type Code } from '../../core/index.ts';
import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { inParallel } from '../../property/runner/in-parallel.ts';
import { rows, type Row } from './fault-matrix.cases.ts';
import type { LayerName } from '../run/layer-names.ts';
import { packagePaths } from '../package-paths.ts';
import type { Report } from '../reports/report.ts';
import { describeWith } from '../test-support/describe-with.ts';
import { runInChild } from '../test-support/run-in-child.ts';
import { k6ForTests } from '../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const LAYERS: readonly LayerName[] = ['contracts', 'property', 'load'];
/** Runs side by side: most wait for windows to end, and a burst that is starved is no burst. Few of those that are busy. */
const WIDTHS = { busy: 6, ci: 3, nightly: 4 };
const SEED = '1';

const reports = new Map<string, Report | undefined>();

/** Where contracts have nothing to see, one consumer is enough not to see it: the others make the same calls. */
const onePact = mkdtempSync(join(tmpdir(), 'mch-pact-'));
const PACT = 'typescript-sdk-managed-clients.json';
copyFileSync(join(packagePaths.pacts, PACT), join(onePact, PACT));
afterAll(() => rmSync(onePact, { recursive: true, force: true }));

beforeAll(async () => {
  const all = Object.keys(rows) as FaultName[];
  const run = async (name: FaultName) => {
    const { quota = '20/2s', contracts, alone }: Row = rows[name];
    const pacts = contracts === undefined ? ['--pacts', onePact] : [];
    const amount = alone === undefined ? pacts : ['--profile', alone];
    const layers = layersFor(name).filter((layer) => layer !== 'load' || k6.missing === undefined);
    if (layers.length === 0) return [name, undefined] as const;
    const args = [...layers, '--fault', name, '--quota', quota, '--seed', SEED, ...amount];
    const { report } = await runInChild(['run', ...args], { timeoutMs: 300_000 });
    return [name, report] as const;
  };
  const lanes = Object.entries(WIDTHS).map(async ([lane, width]) => {
    const own = all.filter((name) => ((rows[name] as Row).alone ?? 'busy') === lane);
    for await (const [name, report] of inParallel(own, width, run)) reports.set(name, report);
  });
  await Promise.all(lanes);
}, 600_000);

/** What only odd requests meet, the load does not: it sends plain ones. A twin is shown to all. */
function layersFor(name: FaultName): readonly LayerName[] {
  const { load, alone }: Row = rows[name];
  if (alone !== undefined) return ['load'];
  return load === undefined && faults[name].group !== 'L' ? ['contracts', 'property'] : LAYERS;
}

describe.each(Object.entries<Row>(rows))('%s', (name, row) => {
  const layers = layersFor(name as FaultName);

  for (const layer of layers.filter((one) => one !== 'load')) testLayer(layer, name, row);
  if (layers.includes('load')) describeWith(k6, () => testLayer('load', name, row));

  test('the exit code follows from the findings', () => {
    const report = reports.get(name);
    expect({ exitCode: report?.exitCode }).toEqual({ exitCode: report && exitCodeFor(report) });
  });
});

function testLayer(layer: LayerName, name: string, row: Row): void {
  const promised = row[layer] ?? [];
  test(`${layer} reports ${promised.join(', ') || 'nothing'}`, () => {
    const seen = codesSeenBy(layer, reports.get(name));
    expect({ missed: promised.filter((code) => !seen.has(code)) }).toEqual({ missed: [] });
    const allowed = [...promised, ...(row.also ?? [])];
    expect({ alarms: [...seen].filter((code) => !allowed.includes(code)) }).toEqual({ alarms: [] });
  });

  test(`${layer} comes to its end and evaluates enough`, () => {
    const own = reports.get(name)?.layers.find((one) => one.name === layer);
    const { stopped, attempted = 0, evaluated = 0 } = own ?? {};
    const isEnough = evaluated >= 0.9 * attempted && evaluated > 0;
    expect({ stopped, isEnough }).toEqual({ stopped: null, isEnough: !isBlind(name, layer) });
  });
}

/** Beyond the quota a 503 is a gateway's word, and a 403 the token's: what they answer to says nothing. */
function isBlind(name: string, layer: string): boolean {
  return ['limit-answers-503', 'limit-answers-403'].includes(name) && layer === 'load';
}

function codesSeenBy(layer: LayerName, report: Report | undefined): Set<Code> {
  const findings = report?.findings ?? [];
  return new Set(findings.filter(({ seenBy }) => seenBy.includes(layer)).map(({ code }) => code));
}

/** A fault has to be found; whether it fails the run follows from the severity of what was found. */
function exitCodeFor({ findings }: Report): number {
  const worst = findings.map(({ severity }) => severities.indexOf(severity));
  return Math.min(...worst, severities.length) <= severities.indexOf('major') ? 1 : 0;
}

test('one defect has one id in the layers that bend a request the same way', () => {
  const shared = [
    'application-may-post',
    'unknown-id-answers-500',
    'get-answers-empty',
    'limit-without-message',
  ];
  for (const name of shared) {
    const both = reports.get(name)?.findings.filter(({ seenBy }) => seenBy.length > 1) ?? [];
    expect({ name, isShared: both.length > 0 }).toEqual({ name, isShared: true });
  }
});

test('twins, and only they, are seen by nobody', () => {
  const unseen = Object.entries<Row>(rows).filter(([, row]) => LAYERS.every((layer) => !row[layer]?.length));
  const twins = (Object.keys(faults) as FaultName[]).filter((name) => faults[name].group === 'L');
  expect(unseen.map(([name]) => name).toSorted()).toEqual(twins.toSorted());
});

test('every code is promised by a row', () => {
  const promised = new Set(
    Object.values<Row>(rows).flatMap((row) => LAYERS.flatMap((layer) => row[layer] ?? [])),
  );
  const unproven = (Object.keys(codes) as Code[]).filter((code) => !promised.has(code));
  expect(unproven).toEqual([]);
});
