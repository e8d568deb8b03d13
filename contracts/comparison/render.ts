import { textsOf } from './difference-texts.ts';
import { differenceKindOrder, type Affected, type Difference, type DifferenceKind } from './difference.ts';

export interface Comparison {
  readonly document: string;
  readonly version: string;
  readonly differences: readonly Difference[];
  /** Problems of the document that did not prevent the comparison. */
  readonly ignored: readonly string[];
}

const headings: Record<DifferenceKind, string> = {
  breaking: 'Breaking changes',
  change: 'Changes needed for a migration',
  explained: 'Known and harmless',
};

export function verdictOf({ differences }: Comparison): string {
  const count = (kind: DifferenceKind): number => differences.filter((one) => one.kind === kind).length;
  const [breaking, change] = [count('breaking'), count('change')];
  if (breaking + change > 0) return `${breaking} breaking changes, ${change} changes needed`;
  return `no relevant differences, ${count('explained')} harmless`;
}

/** Formats a comparison for a terminal. */
export function asText(comparison: Comparison): string {
  const { document, version } = comparison;
  const sections = differenceKindOrder.flatMap((kind) => {
    const own = comparison.differences.filter((one) => one.kind === kind);
    return own.length === 0 ? [] : ['', `${headings[kind]}:`, ...own.flatMap(textLines)];
  });
  const head = `Contracts compared with ${document} (${version}): ${verdictOf(comparison)}`;
  const ignored = comparison.ignored.map((problem) => `  ${problem}`);
  return [head, ...sections, ...(ignored.length === 0 ? [] : ['', 'Ignored:', ...ignored]), ''].join('\n');
}

function textLines(one: Difference): string[] {
  const { title, meaning } = textsOf(one);
  return [
    `  ${one.operation} · ${title}  ${one.code}`,
    `    ${meaning}`,
    ...one.affected.map((affected) => `    ${affected.consumer}: ${listed(affected)}`),
  ];
}

const MAX_LISTED = 4;

function listed({ interactions }: Affected): string {
  const rest = interactions.length - MAX_LISTED;
  const shown = interactions.slice(0, MAX_LISTED).join('; ');
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
}

/** Formats a comparison as a migration report. */
export function asMarkdown(comparison: Comparison): string {
  const { document, version } = comparison;
  const sections = differenceKindOrder.flatMap((kind) => {
    const own = comparison.differences.filter((one) => one.kind === kind);
    return own.length === 0 ? [] : [`## ${headings[kind]}`, '', ...own.flatMap(markdownLines)];
  });
  const intro = `# Contracts compared with ${document}`;
  const ignored = comparison.ignored.map((problem) => `- ${problem}`);
  const ignoredSection = ignored.length === 0 ? [] : ['## Ignored', '', ...ignored, ''];
  return [
    intro,
    '',
    `Version ${version}: ${verdictOf(comparison)}.`,
    '',
    ...sections,
    ...ignoredSection,
  ].join('\n');
}

function markdownLines(one: Difference): string[] {
  const { title, meaning } = textsOf(one);
  return [
    `### ${one.operation}: ${title}`,
    '',
    `${meaning} (\`${one.code}\`)`,
    '',
    ...one.affected.flatMap(({ consumer, interactions }) => [
      `- ${consumer}`,
      ...interactions.map((interaction) => `  - ${interaction}`),
    ]),
    ...(one.affected.length === 0 ? [] : ['']),
  ];
}

/** Formats a comparison as JSON, with the texts. */
export function asJson(comparison: Comparison): string {
  const differences = comparison.differences.map((one) => ({ ...one, ...textsOf(one) }));
  return `${JSON.stringify({ schemaVersion: 1, ...comparison, differences }, null, 2)}\n`;
}
