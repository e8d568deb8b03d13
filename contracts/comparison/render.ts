import { wordsFor } from './describe.ts';
import type { Affected, Difference, DifferenceKind } from './difference.ts';

/** A comparison, ready to be written in any form. */
export interface Comparison {
  readonly document: string;
  readonly version: string;
  readonly differences: readonly Difference[];
}

const headings: Record<DifferenceKind, string> = {
  breaking: 'Consumers break',
  change: 'To be changed by whoever moves',
  explained: 'Known and explained',
};

const kinds: readonly DifferenceKind[] = ['breaking', 'change', 'explained'];

export function verdictOf({ differences }: Comparison): string {
  const count = (kind: DifferenceKind): number => differences.filter((one) => one.kind === kind).length;
  const [breaking, change] = [count('breaking'), count('change')];
  if (breaking + change > 0) return `${breaking} breaking, ${change} to be changed`;
  return `no difference that matters, ${count('explained')} explained`;
}

/** For a terminal. */
export function asText(comparison: Comparison): string {
  const { document, version } = comparison;
  const sections = kinds.flatMap((kind) => {
    const own = comparison.differences.filter((one) => one.kind === kind);
    return own.length === 0 ? [] : ['', `${headings[kind]}:`, ...own.flatMap(textLines)];
  });
  return [`Contracts against ${document} (${version}): ${verdictOf(comparison)}`, ...sections, ''].join('\n');
}

function textLines(one: Difference): string[] {
  const { title, meaning } = wordsFor(one);
  return [
    `  ${one.operation} · ${title}  ${one.code}`,
    `    ${meaning}`,
    ...one.affected.map((affected) => `    ${affected.consumer}: ${listed(affected)}`),
  ];
}

const LISTED = 4;

function listed({ interactions }: Affected): string {
  const rest = interactions.length - LISTED;
  const shown = interactions.slice(0, LISTED).join('; ');
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
}

/** For a wiki or a pull request: the migration report. */
export function asMarkdown(comparison: Comparison): string {
  const { document, version } = comparison;
  const sections = kinds.flatMap((kind) => {
    const own = comparison.differences.filter((one) => one.kind === kind);
    return own.length === 0 ? [] : [`## ${headings[kind]}`, '', ...own.flatMap(markdownLines)];
  });
  const intro = `# Contracts against ${document}`;
  return [intro, '', `Version ${version}: ${verdictOf(comparison)}.`, '', ...sections].join('\n');
}

function markdownLines(one: Difference): string[] {
  const { title, meaning } = wordsFor(one);
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

/** For tools: the data, with its words. */
export function asJson(comparison: Comparison): string {
  const differences = comparison.differences.map((one) => ({ ...one, ...wordsFor(one) }));
  return `${JSON.stringify({ schemaVersion: 1, ...comparison, differences }, null, 2)}\n`;
}
