import { styleText } from 'node:util';

import { consumerTable } from './consumer-table.ts';
import { mutationText, occurrences } from './finding-text.ts';
import { printable } from './printable.ts';
import type { Report, ReportedCheck, ReportedFinding, ReportedLayer } from './report.ts';
import { verdictText } from './verdict-text.ts';

/** Findings that are printed in full. The report files contain all of them. */
const MAX_SHOWN = 8;

type Paint = (text: string) => string;

interface Paints {
  readonly bad: Paint;
  readonly good: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

function makePaints(colour: boolean): Paints {
  const paint =
    (style: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      colour ? styleText(style, text, { validateStream: false }) : text;
  return { bad: paint('red'), good: paint('green'), dim: paint('dim'), bold: paint('bold') };
}

/** The report as text: findings, layers, verdict. */
export function consoleReport(
  report: Report,
  { colour, folder }: { readonly colour: boolean; readonly folder: string },
): string {
  const paints = makePaints(colour);
  const newFindings = report.findings.filter(({ known }) => !known);
  const shown = newFindings.slice(0, MAX_SHOWN);
  const rest = newFindings.length - shown.length;
  return [
    ...shown.map((finding) => findingBlock(finding, paints)),
    ...(rest > 0 ? [`… and ${rest} more findings in ${folder}/report.json`, ''] : []),
    ...report.findings.filter(({ known }) => known).map((finding) => knownLine(finding, paints)),
    ...(isContractsOnly(report) ? consumerTable(report) : []),
    ...report.layers.flatMap((layer) => layerLines(layer, paints)),
    ...report.notRun.map(({ name, reason }) => `  ${name.padEnd(10)} skipped: ${reason}`),
    ...report.notes.map((note) => `  ${note}`),
    '',
    verdictLine(report, paints),
    paints.dim(`Seed ${report.seed} · reports in ${folder}`),
    '',
  ].join('\n');
}

/** With other layers, the table of interactions would be too long. */
function isContractsOnly({ layers }: Report): boolean {
  return layers.every(({ name }) => ['preflight', 'contracts'].includes(name));
}

function findingBlock(finding: ReportedFinding, { bad, dim, bold }: Paints): string {
  const { operation, title, code, severity, seenBy, mutation, replayData } = finding;
  const head = `${bad('✗')} ${bold(`${operation ?? 'target'} · ${title}`)}  ${dim(code)}`;
  const lines: [string, string | null][] = [
    ['Received', finding.received],
    ['Documented', `${finding.documented} (${finding.source})`],
    ['Mutation', mutation && mutationText(mutation)],
    ['Seen', `${occurrences(finding)} by ${seenBy.join(', ')}, ${severity}`],
    ['Principal', finding.principal === 'user' ? null : finding.principal],
    ['Curl', finding.curl],
    ['Replay', replayData && finding.replay],
  ];
  const body = lines.flatMap(([label, text]) =>
    text === null ? [] : [`    ${dim(label.padEnd(12))}${printable(text)}`],
  );
  return [head, ...body, ''].join('\n');
}

function knownLine(finding: ReportedFinding, { dim }: Paints): string {
  const { id, title, operation } = finding;
  return dim(`  known ${id}: ${operation ?? 'target'} · ${title}, ${occurrences(finding)}`);
}

function layerLines(layer: ReportedLayer, { bad, good, dim }: Paints): string[] {
  const mark = { pass: good('✓'), fail: bad('✗'), inconclusive: bad('?') }[layer.verdict];
  const seconds = (layer.durationMs / 1000).toFixed(1);
  const figures = `${layer.evaluated} of ${layer.attempted} evaluated, ${layer.requests} requests, ${seconds} s`;
  return [
    `${mark} ${layer.name.padEnd(10)} ${layer.verdict.padEnd(12)} ${figures}`,
    ...(layer.stopped === null ? [] : [`    ${layer.stopped}`]),
    ...byReason(layer.inconclusive).map((line) => `    ${dim('inconclusive')} ${line}`),
    ...byReason(layer.skipped).map((line) => `    ${dim('skipped')} ${line}`),
  ];
}

/** One line for each reason. */
function byReason(checks: readonly ReportedCheck[]): string[] {
  return [...Map.groupBy(checks, ({ reason }) => reason)].map(([reason, all]) =>
    printable(all.length === 1 ? `${all[0]?.name}: ${reason}` : `${all.length} checks: ${reason}`),
  );
}

function verdictLine(report: Report, { bad, good }: Paints): string {
  const text = verdictText(report);
  return `${report.exitCode === 0 ? good(text) : bad(text)} (exit ${report.exitCode})`;
}
