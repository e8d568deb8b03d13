import { severities, type Code } from '../../../core/index.ts';
import type { Report, ReportedFinding } from '../report.ts';
import { artifactPath } from './artifact-path.ts';
import { headline, messageLines } from './finding-message.ts';
import { inconclusiveReasons } from './inconclusive-reasons.ts';
import { MAX_TEXT_LENGTH, sarifLevels, sarifRule } from './sarif-rules.ts';
import { jsonText, limited } from './text.ts';

export interface SarifOptions {
  /** A file of the user's repository, to which GitHub attaches the alerts. */
  readonly artifact: string;
}

/** GitHub shows no more. */
const MAX_RESULTS = 5000;

/** The report as SARIF 2.1.0 for GitHub code scanning. */
export function sarifReport(report: Report, { artifact }: SarifOptions): string {
  const findings = report.findings.toSorted(byImportance).slice(0, MAX_RESULTS);
  const rules = [...new Set(findings.map(({ code }) => code))];
  const uri = encodedPath(artifactPath(artifact));
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driverOf(report, rules) },
        // The part before the last slash is the category: a later upload replaces the alerts of the same category.
        automationDetails: { id: `${report.tool.name}/${report.profile}/` },
        invocations: [invocationOf(report, findings.length)],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, rules.indexOf(finding.code), uri)),
      },
    ],
  });
}

/** New findings first, then by severity. */
function byImportance(a: ReportedFinding, b: ReportedFinding): number {
  return Number(a.known) - Number(b.known) || severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

/** A path as a relative URI. */
function encodedPath(path: string): string {
  return encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent);
}

function driverOf({ tool: { name, version } }: Report, rules: readonly Code[]) {
  return { name, version, semanticVersion: version, rules: rules.map(sarifRule) };
}

function invocationOf(report: Report, shown: number) {
  const { verdict, exitCode, startedAt, durationMs, findings } = report;
  const reasons = inconclusiveReasons(report).map((text) => notification('error', text));
  const cut = `The report has ${findings.length} findings. This file has the ${shown} most severe ones.`;
  return {
    executionSuccessful: verdict !== 'inconclusive',
    exitCode,
    startTimeUtc: startedAt,
    endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
    toolExecutionNotifications: [
      ...reasons,
      ...(shown < findings.length ? [notification('warning', cut)] : []),
    ],
  };
}

function notification(level: 'error' | 'warning', text: string) {
  return { level, message: { text: plainMessage(text) } };
}

function resultOf(finding: ReportedFinding, ruleIndex: number, uri: string) {
  const { id, code, severity, known, layer, seenBy, count } = finding;
  const text = [`${headline(finding)}.`, ...messageLines(finding)].join('\n');
  return {
    ruleId: code,
    ruleIndex,
    level: known ? 'note' : sarifLevels[severity],
    message: { text: plainMessage(text) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: FIRST_CHARACTER } }],
    // All findings have the same line, so that only the id distinguishes them.
    partialFingerprints: { primaryLocationLineHash: `${id}:1`, 'finding/v1': id },
    ...(known ? { suppressions: [IN_BASELINE] } : {}),
    properties: { severity, layer, seenBy, count },
  };
}

/** GitHub requires all four numbers. */
const FIRST_CHARACTER = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } as const;

const IN_BASELINE = {
  kind: 'external',
  status: 'accepted',
  justification: 'The baseline contains this finding.',
} as const;

/** SARIF reads `[text](destination)` as a link. The text is from the target. */
function plainMessage(text: string): string {
  return limited(text.replaceAll('](', '] ('), MAX_TEXT_LENGTH);
}
