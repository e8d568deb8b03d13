import type { Report, ReportedGroup } from './report.ts';

type InteractionResult = 'verified' | 'skipped' | 'FAILED' | 'inconclusive';

interface TableRow {
  readonly interaction: string;
  /** By consumer. A consumer that cannot make a request has no interaction for it. */
  readonly results: ReadonlyMap<string, InteractionResult>;
  /** Reasons and mismatches of all consumers. */
  readonly reasons: readonly string[];
}

/**
 * The results of the contracts layer as a table: a row for each interaction, a column for each consumer. The groups of the
 * layer are named `consumer: interaction`.
 * @returns no lines if the layer did not run
 */
export function interactionTable(report: Report): string[] {
  const groups = report.groups.filter(({ layer, name }) => layer === 'contracts' && name.includes(': '));
  if (groups.length === 0) return [];
  const consumers = [...new Set(groups.map(({ name }) => splitName(name).consumer))];
  const rows = [...Map.groupBy(groups, ({ name }) => splitName(name).interaction)].map(
    ([interaction, same]) => rowOf(interaction, same, report),
  );
  const width = Math.max(...rows.map(({ interaction }) => interaction.length));
  const head = `  ${''.padEnd(width)}  ${consumers.map(padCell).join('')}`;
  return [head.trimEnd(), ...rows.flatMap((row) => rowLines(row, consumers, width)), ''];
}

function splitName(name: string): { readonly consumer: string; readonly interaction: string } {
  const [consumer = '', ...rest] = name.split(': ');
  return { consumer, interaction: rest.join(': ') };
}

function rowOf(interaction: string, groups: readonly ReportedGroup[], report: Report): TableRow {
  const results = new Map(groups.map((group) => [splitName(group.name).consumer, resultOf(group)]));
  const reasons = groups.flatMap((group) => reasonsOf(group, report));
  return { interaction, results, reasons: [...new Set(reasons)] };
}

function resultOf({ attempted, evaluated, findings }: ReportedGroup): InteractionResult {
  if (findings.length > 0) return 'FAILED';
  if (attempted === 0) return 'skipped';
  return evaluated === attempted ? 'verified' : 'inconclusive';
}

function reasonsOf({ name, findings }: ReportedGroup, { layers, findings: all }: Report): string[] {
  const layer = layers.find((one) => one.name === 'contracts');
  const unevaluated = [...(layer?.skipped ?? []), ...(layer?.inconclusive ?? [])];
  return [
    ...unevaluated.filter(({ suite }) => suite === name).map(({ reason }) => reason),
    ...all.filter(({ id }) => findings.includes(id)).map(({ title, received }) => `${title}: ${received}`),
  ];
}

function rowLines(
  { interaction, results, reasons }: TableRow,
  consumers: readonly string[],
  width: number,
): string[] {
  const cells = consumers.map((consumer) => padCell(results.get(consumer) ?? '–'));
  const row = `  ${interaction.padEnd(width)}  ${cells.join('')}`;
  return [row.trimEnd(), ...reasons.map((reason) => `  ${' '.repeat(width)}    ${reason}`)];
}

function padCell(text: string): string {
  return text.padEnd(16);
}
