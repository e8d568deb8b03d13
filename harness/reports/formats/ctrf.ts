import { findingsOf, skipReasons } from '../group.ts';
import { printable } from '../printable.ts';
import type { Report, ReportedFinding, ReportedGroup, ReportedLayer } from '../report.ts';
import { headline, messageLines } from './finding-message.ts';
import { jsonText } from './text.ts';

type CtrfStatus = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

interface CtrfTest {
  readonly name: string;
  readonly suite: readonly string[];
  readonly status: CtrfStatus;
  readonly rawStatus?: string;
  readonly duration: number;
  readonly message?: string;
  readonly trace?: string;
  readonly stdout?: readonly string[];
  readonly extra?: { readonly findings: readonly string[] };
}

/** The durations of groups are not known, and CTRF requires one. */
const UNKNOWN_DURATION = 0;

/** The report in the Common Test Report Format: a test for each group, and one for each layer without a verdict. */
export function ctrfReport(report: Report): string {
  const { tool, startedAt, durationMs } = report;
  const tests = report.layers.flatMap((layer) => testsOf(layer, report));
  const start = Date.parse(startedAt);
  return jsonText({
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    timestamp: new Date(start + durationMs).toISOString(),
    generatedBy: tool.name,
    results: {
      tool: { name: tool.name, version: tool.version },
      summary: {
        ...countStatuses(tests),
        suites: report.layers.length,
        start,
        stop: start + durationMs,
        duration: durationMs,
      },
      tests,
      environment: { testEnvironment: report.profile },
      extra: settingsOf(report),
    },
  });
}

function settingsOf({ target, verdict, exitCode, profile, seed, quota, failOn }: Report) {
  return { target: target.url, verdict, exitCode, profile, seed, quota, failOn };
}

function countStatuses(tests: readonly CtrfTest[]) {
  const count = (status: CtrfStatus): number => tests.filter((test) => test.status === status).length;
  return {
    tests: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    pending: 0,
    other: count('other'),
  };
}

function testsOf(layer: ReportedLayer, report: Report): CtrfTest[] {
  const groups = report.groups.filter((group) => group.layer === layer.name);
  return [...groups.map((group) => groupTest(group, report)), ...layerTests(layer)];
}

/** A failed test for a layer without a verdict: readers of CTRF treat a run without failed tests as passed. */
function layerTests({ name, verdict, stopped, evaluated, attempted }: ReportedLayer): CtrfTest[] {
  const failed = {
    suite: [name],
    status: 'failed',
    rawStatus: 'inconclusive',
    duration: UNKNOWN_DURATION,
  } as const;
  if (stopped !== null) return [{ ...failed, name: 'completes', message: printable(stopped) }];
  if (verdict !== 'inconclusive') return [];
  return [{ ...failed, name: 'evaluates enough', message: `${evaluated} of ${attempted} evaluated` }];
}

function groupTest(group: ReportedGroup, report: Report): CtrfTest {
  const { gating, others } = findingsOf(group, report);
  return {
    // CTRF rejects an empty name.
    name: printable(group.name) || group.layer,
    suite: [group.layer, ...(group.consumer === null ? [] : [printable(group.consumer.name)])],
    duration: UNKNOWN_DURATION,
    ...resultOf(group, gating, report),
    ...(others.length === 0 ? {} : { stdout: others.flatMap(textOf) }),
    ...(group.findings.length === 0 ? {} : { extra: { findings: group.findings } }),
  };
}

function resultOf(
  group: ReportedGroup,
  gating: readonly ReportedFinding[],
  report: Report,
): Pick<CtrfTest, 'status' | 'rawStatus' | 'message' | 'trace'> {
  if (gating.length > 0) {
    const message = gating.map(headline).join('\n');
    return { status: 'failed', message, trace: gating.flatMap(textOf).join('\n') };
  }
  if (group.attempted === 0)
    return { status: 'skipped', message: printable(skipReasons(group, report).join('; ')) };
  if (group.evaluated > 0) return { status: 'passed' };
  return { status: 'other', rawStatus: 'inconclusive', message: 'none of the checks was conclusive' };
}

function textOf(finding: ReportedFinding): string[] {
  return [`${headline(finding)} (${finding.code})`, ...messageLines(finding)];
}
