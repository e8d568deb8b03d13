import { styleText } from 'node:util';

import { interactionTable } from './interaction-table.ts';
import { targetName } from '../settings/target-name.ts';
import type { Report, ReportedFinding, ReportedLayer } from './report.ts';

/** Findings that are printed in full; the files hold all of them. */
const SHOWN = 8;

type Paint = (text: string) => string;

/** The marks of a terminal, or none of them. */
function paints(colour: boolean): { bad: Paint; good: Paint; dim: Paint; bold: Paint } {
  const paint =
    (style: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      colour ? styleText(style, text, { validateStream: false }) : text;
  return { bad: paint('red'), good: paint('green'), dim: paint('dim'), bold: paint('bold') };
}

/** The report as it is read at the end of a run: findings, layers, verdict. */
export function consoleReport(
  report: Report,
  { colour, folder }: { colour: boolean; folder: string },
): string {
  const paint = paints(colour);
  const fresh = report.findings.filter(({ known }) => !known);
  const shown = fresh.slice(0, SHOWN);
  const rest = fresh.length - shown.length;
  return [
    ...shown.map((finding) => findingBlock(finding, paint)),
    ...(rest > 0 ? [`… and ${rest} more findings in ${folder}/report.json`, ''] : []),
    ...report.findings.filter(({ known }) => known).map((finding) => knownLine(finding, paint)),
    ...(isOnContracts(report) ? interactionTable(report) : []),
    ...report.layers.flatMap((layer) => layerLines(layer, paint)),
    ...report.notRun.map(({ what, reason }) => `  ${what.padEnd(10)} not run: ${reason}`),
    ...report.notes.map((note) => `  ${note}`),
    '',
    verdictLine(report, paint),
    paint.dim(`Seed ${report.seed} · reports in ${folder}`),
    '',
  ].join('\n');
}

/** The table of interactions is for those who asked for contracts alone. */
function isOnContracts({ layers }: Report): boolean {
  return layers.every(({ name }) => ['preflight', 'contracts'].includes(name));
}

function findingBlock(finding: ReportedFinding, { bad, dim, bold }: ReturnType<typeof paints>): string {
  const {
    operation,
    title,
    code,
    severity,
    received,
    documented,
    source,
    cell,
    curl,
    replay,
    rerun,
    seenBy,
  } = finding;
  const head = `${bad('✗')} ${bold(`${operation ?? 'target'} · ${title}`)}`;
  const lines: [string, string | null][] = [
    ['Received', received],
    ['Documented', `${documented} (${source})`],
    ['Cell', cell === null ? null : cellText(cell)],
    ['Seen', `${seenText(finding)} by ${seenBy.join(', ')}, ${severity}`],
    ['Curl', curl],
    ['Replay', rerun === null ? null : replay],
  ];
  const body = lines.flatMap(([label, text]) =>
    text === null ? [] : [`    ${dim(label.padEnd(12))}${text}`],
  );
  return [`${head}  ${dim(code)}`, ...body, ''].join('\n');
}

function seenText({ count, sent }: Pick<ReportedFinding, 'count' | 'sent'>): string {
  if (sent !== null && sent > count) return `${count} of ${sent} times`;
  return count === 1 ? 'once' : `${count} times`;
}

function knownLine(finding: ReportedFinding, { dim }: ReturnType<typeof paints>): string {
  const { id, title, operation } = finding;
  return dim(`  known ${id}: ${operation ?? 'target'} · ${title}, ${seenText(finding)}`);
}

function cellText({ id, was, sent }: NonNullable<ReportedFinding['cell']>): string {
  const parts = [was === null ? '' : `was ${was}`, sent === null ? '' : `sent ${sent}`].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? id : `${id} (${parts.join(', ')})`;
}

function layerLines(layer: ReportedLayer, { bad, good, dim }: ReturnType<typeof paints>): string[] {
  const mark = { pass: good('✓'), fail: bad('✗'), inconclusive: bad('?') }[layer.verdict];
  const figures = `${layer.evaluated} of ${layer.attempted} evaluated, ${layer.requests} requests, ${seconds(layer.durationMs)}`;
  return [
    `${mark} ${layer.name.padEnd(10)} ${layer.verdict.padEnd(12)} ${figures}`,
    ...(layer.stopped === null ? [] : [`    ${layer.stopped}`]),
    ...grouped(layer.inconclusive).map((line) => `    ${dim('inconclusive')} ${line}`),
    ...grouped(layer.notVerifiable).map((line) => `    ${dim('not verifiable here')} ${line}`),
  ];
}

/** One line for each reason, with how often it came. */
function grouped(open: ReportedLayer['inconclusive']): string[] {
  const byReason = Map.groupBy(open, ({ reason }) => reason);
  return [...byReason].map(([reason, all]) =>
    all.length === 1 ? `${all[0]?.what}: ${reason}` : `${all.length} checks: ${reason}`,
  );
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const verdicts: Record<Report['exitCode'], (report: Report) => string> = {
  0: ({ findings, target, failOn }) => {
    const [fresh, known] = [countNew(findings), findings.length - countNew(findings)];
    const but = [fresh > 0 && `${counted(fresh)} below ${failOn}`, known > 0 && `${known} known`];
    const list = but.filter((part) => part !== false).join(' and ');
    return `Passed: ${targetName(target)} keeps its contract${list === '' ? '' : `, except for ${list}`}.`;
  },
  1: ({ findings, target }) => `Failed: ${counted(countNew(findings))} at ${targetName(target)}.`,
  3: ({ target }) => `Inconclusive: too little was evaluated at ${targetName(target)}.`,
};

function counted(findings: number): string {
  return `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
}

function countNew(findings: Report['findings']): number {
  return findings.filter(({ known }) => !known).length;
}

function verdictLine(report: Report, { bad, good }: ReturnType<typeof paints>): string {
  const text = verdicts[report.exitCode](report);
  return `${report.exitCode === 0 ? good(text) : bad(text)} (exit ${report.exitCode})`;
}
