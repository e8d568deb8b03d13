import { limited } from './formats/text.ts';
import { mutationText, occurrences } from './finding-text.ts';
import { printable } from './printable.ts';
import type { Report, ReportedFinding, ReportedLayer } from './report.ts';
import { verdictText } from './verdict-text.ts';

/** Findings in the summary. GitHub shows no summary above one megabyte. */
const MAX_FINDINGS = 50;
const MAX_TEXT_LENGTH = 2000;

const signs = { pass: '✅', fail: '❌', inconclusive: '❔' } as const;

/** The report as Markdown for a pull request or a job summary. */
export function markdownReport(report: Report): string {
  const { verdict, layers, notRun, notes, seed, profile } = report;
  const shown = report.findings.slice(0, MAX_FINDINGS);
  const rest = report.findings.length - shown.length;
  const lines = [
    `## ${signs[verdict]} ${inline(verdictText(report))}`,
    '',
    '| layer | verdict | evaluated | skipped | inconclusive | requests |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...layers.map(layerRow),
    '',
    ...layers.flatMap(({ name, stopped }) => (stopped === null ? [] : [`- ${name}: ${inline(stopped)}`])),
    ...notRun.map(({ name, reason }) => `- ${name} was skipped: ${inline(reason)}`),
    ...notes.map((note) => `- ${inline(note)}`),
    ...shown.flatMap(findingLines),
    ...(rest > 0 ? ['', `… and ${rest} more findings in the report.`] : []),
    '',
    `Profile ${profile}, seed ${seed}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function layerRow(layer: ReportedLayer): string {
  const { name, verdict, evaluated, attempted, skipped, inconclusive, requests } = layer;
  const cells = [name, `${signs[verdict]} ${verdict}`, `${evaluated} of ${attempted}`];
  return `| ${[...cells, skipped.length, inconclusive.length, requests].join(' | ')} |`;
}

function findingLines(finding: ReportedFinding): string[] {
  const { id, operation, title, code, severity, received, documented, source, mutation, known } = finding;
  const commands = [finding.start, finding.curl, finding.replayData && finding.replay];
  return [
    '',
    `### ${known ? 'Known: ' : ''}${inline(`${operation ?? 'target'} · ${title}`)}`,
    '',
    `- **Received** ${inline(received)}`,
    `- **Documented** ${inline(documented)} (${inline(source)})`,
    ...(mutation === null ? [] : [`- **Mutation** ${inline(mutationText(mutation))}`]),
    `- **Seen** ${occurrences(finding)} by ${finding.seenBy.join(', ')}, ${severity}, \`${code}\`, \`${id}\``,
    '',
    ...codeBlock(commands.filter((command) => command !== null)),
  ];
}

/** A longer fence than any in the text. */
function codeBlock(lines: readonly string[]): string[] {
  const text = lines.map((line) => limited(printable(line), MAX_TEXT_LENGTH)).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, text, fence];
}

/** Text of others without any formatting. */
function inline(text: string): string {
  return limited(printable(text), MAX_TEXT_LENGTH).replaceAll(/[\\`*_{}[\]<>#|~!@]/g, String.raw`\$&`);
}
