import { isGating } from '../group.ts';
import { printable } from '../printable.ts';
import type { Report, ReportedFinding } from '../report.ts';
import { verdictText } from '../verdict-text.ts';
import { headline, messageLines } from './finding-message.ts';
import { inconclusiveReasons } from './inconclusive-reasons.ts';

/** GitHub shows no more errors, and no more warnings, of one step. */
const MAX_ANNOTATIONS = 10;

interface Annotation {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The findings that are not in the baseline as workflow commands, one a line, for the standard output of a step. */
export function gitHubAnnotations(report: Report): string[] {
  const added = report.findings.filter(({ known }) => !known);
  const gating = added.filter((finding) => isGating(finding, report));
  const others = added.filter((finding) => !gating.includes(finding));
  return [
    ...commands('error', [...verdictAnnotations(report), ...gating.map(annotationOf)]),
    ...commands('warning', others.map(annotationOf)),
  ];
}

function verdictAnnotations(report: Report): Annotation[] {
  if (report.verdict !== 'inconclusive') return [];
  const lines = [printable(verdictText(report)), ...inconclusiveReasons(report)];
  return [{ title: 'Inconclusive conformance run', lines }];
}

function annotationOf(finding: ReportedFinding): Annotation {
  return { title: headline(finding), lines: [finding.code, ...messageLines(finding)] };
}

function commands(level: 'error' | 'warning', annotations: readonly Annotation[]): string[] {
  const shown = annotations.slice(0, MAX_ANNOTATIONS);
  const rest = annotations.length - shown.length;
  return shown.map(({ title, lines }, index) => {
    const isLast = index === shown.length - 1;
    const message = [...lines, ...(isLast && rest > 0 ? [`… and ${rest} more in the report.`] : [])];
    return `::${level} title=${escapeProperty(title)}::${escapeData(message.join('\n'))}`;
  });
}

/** The percent sign is first, because the other escapes contain it. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
