import { create } from 'xmlbuilder2';

import { findingsOf, skipReasons } from './group.ts';
import type { Report, ReportedFinding, ReportedGroup, ReportedLayer } from './report.ts';

type Element = ReturnType<typeof create>;

/**
 * The report as JUnit XML: a test suite for each layer, a test case for each group. The names contain no seed, id or time,
 * so that CI servers can compare runs.
 */
export function junitReport(report: Report): string {
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\ufffd' }).ele(
    'testsuites',
    { name: report.tool.name },
  );
  for (const layer of report.layers) addSuite(root, layer, report);
  return root.end({ prettyPrint: true });
}

type CaseResult = 'passed' | 'failure' | 'error' | 'skipped';

function addSuite(root: Element, layer: ReportedLayer, report: Report): void {
  const groups = report.groups.filter((group) => group.layer === layer.name);
  const time = (layer.durationMs / 1000).toFixed(3);
  const suite = root.ele('testsuite', { name: layer.name, time });
  const results = groups.map((group) => addCase(suite, group, report));
  if (layer.stopped !== null) {
    suite
      .ele('testcase', { classname: layer.name, name: 'completes' })
      .ele('error', { message: layer.stopped });
    results.push('error');
  }
  if (layer.stopped === null && layer.verdict === 'inconclusive') {
    const message = `${layer.evaluated} of ${layer.attempted} evaluated`;
    suite.ele('testcase', { classname: layer.name, name: 'evaluates enough' }).ele('error', { message });
    results.push('error');
  }
  const count = (result: CaseResult): number => results.filter((one) => one === result).length;
  suite.att({
    tests: String(results.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
  });
}

function addCase(suite: Element, group: ReportedGroup, report: Report): CaseResult {
  const element = suite.ele('testcase', { classname: group.consumer?.name ?? group.layer, name: group.name });
  const { gating, others } = findingsOf(group, report);
  for (const finding of gating) {
    element.ele('failure', { type: finding.code, message: finding.title }).txt(textOf(finding));
  }
  if (others.length > 0) element.ele('system-out').txt(others.map(textOf).join('\n\n'));
  if (gating.length > 0) return 'failure';
  if (group.attempted === 0) {
    element.ele('skipped', { message: skipReasons(group, report).join('; ') });
    return 'skipped';
  }
  if (group.evaluated > 0) return 'passed';
  element.ele('error', { type: 'inconclusive', message: 'none of the checks was conclusive' });
  return 'error';
}

function textOf({ received, documented, source, curl, replay, replayData, id }: ReportedFinding): string {
  const lines = [`Received: ${received}`, `Documented: ${documented} (${source})`, `Finding: ${id}`];
  return [...lines, ...(curl === null ? [] : [curl]), ...(replayData === null ? [] : [replay])].join('\n');
}
