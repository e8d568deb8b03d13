import { create } from 'xmlbuilder2';

import { isAtLeast } from '../run/verdict.ts';
import type { Report, ReportedFinding, ReportedGroup, ReportedLayer } from './report.ts';

type Element = ReturnType<typeof create>;

/** JUnit XML: a suite for each layer, a case for each group. Names are stable: no seed, no id, no time. */
export function junitReport(report: Report): string {
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\ufffd' }).ele(
    'testsuites',
    {
      name: report.tool.name,
    },
  );
  for (const layer of report.layers) addSuite(root, layer, report);
  return root.end({ prettyPrint: true });
}

function addSuite(root: Element, layer: ReportedLayer, report: Report): void {
  const groups = report.groups.filter((group) => group.layer === layer.name);
  const time = (layer.durationMs / 1000).toFixed(3);
  const suite = root.ele('testsuite', { name: layer.name, time });
  const tallies = groups.map((group) => addCase(suite, group, report));
  if (layer.stopped !== null) {
    suite
      .ele('testcase', { classname: layer.name, name: 'comes to its end' })
      .ele('error', { message: layer.stopped });
    tallies.push('error');
  }
  if (layer.stopped === null && layer.verdict === 'inconclusive') {
    const message = `${layer.evaluated} of ${layer.attempted} evaluated`;
    suite.ele('testcase', { classname: layer.name, name: 'evaluates enough' }).ele('error', { message });
    tallies.push('error');
  }
  const count = (kind: Kind): number => tallies.filter((one) => one === kind).length;
  suite.att({
    tests: String(tallies.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
  });
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

function addCase(suite: Element, group: ReportedGroup, report: Report): Kind {
  const element = suite.ele('testcase', { classname: group.layer, name: group.name });
  const findings = report.findings.filter(({ id }) => group.findings.includes(id));
  const failing = findings.filter(({ severity, known }) => !known && isAtLeast(severity, report.failOn));
  for (const finding of failing) {
    element.ele('failure', { type: finding.code, message: finding.title }).txt(textOf(finding));
  }
  const minor = findings.filter((finding) => !failing.includes(finding));
  if (minor.length > 0) element.ele('system-out').txt(minor.map(textOf).join('\n\n'));
  if (failing.length > 0) return 'failure';
  if (group.attempted === 0) {
    element.ele('skipped', { message: reasonsFor(group, report) });
    return 'skipped';
  }
  if (group.evaluated > 0) return 'passed';
  element.ele('error', { type: 'inconclusive', message: 'nothing of this could be evaluated' });
  return 'error';
}

function reasonsFor({ layer, name }: ReportedGroup, { layers }: Report): string {
  const open = layers.find((one) => one.name === layer)?.notVerifiable ?? [];
  const reasons = open.filter(({ group }) => group === name).map(({ reason }) => reason);
  return [...new Set(reasons)].join('; ');
}

function textOf({ received, documented, source, curl, replay, rerun, id }: ReportedFinding): string {
  const lines = [`Received: ${received}`, `Documented: ${documented} (${source})`, `Finding: ${id}`];
  return [...lines, ...(curl === null ? [] : [curl]), ...(rerun === null ? [] : [replay])].join('\n');
}
