import type { Report, ReportedGroup } from './report.ts';

type Verdict = 'verified' | 'not verifiable' | 'FAILED' | 'inconclusive';

interface Row {
  readonly interaction: string;
  /** By consumer; a consumer that cannot make a call has no interaction. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Why it is not verifiable here, or what does not match. */
  readonly reasons: readonly string[];
}

/**
 * What became of every interaction: a row for each, a column for each consumer. The groups of the contracts layer are
 * named `consumer: interaction`.
 * @returns no lines where the layer did not run
 */
export function interactionTable(report: Report): string[] {
  const groups = report.groups.filter(({ layer, name }) => layer === 'contracts' && name.includes(': '));
  if (groups.length === 0) return [];
  const consumers = [...new Set(groups.map(({ name }) => split(name).consumer))];
  const rows = [...Map.groupBy(groups, ({ name }) => split(name).interaction)].map(([interaction, same]) =>
    rowOf(interaction, same, report),
  );
  const width = Math.max(...rows.map(({ interaction }) => interaction.length));
  const head = `  ${''.padEnd(width)}  ${consumers.map(cell).join('')}`;
  return [head.trimEnd(), ...rows.flatMap((row) => lines(row, consumers, width)), ''];
}

function split(name: string): { consumer: string; interaction: string } {
  const [consumer = '', ...rest] = name.split(': ');
  return { consumer, interaction: rest.join(': ') };
}

function rowOf(interaction: string, groups: readonly ReportedGroup[], report: Report): Row {
  const verdicts = new Map(groups.map((group) => [split(group.name).consumer, verdictOf(group)]));
  const reasons = groups.flatMap((group) => reasonsOf(group, report));
  return { interaction, verdicts, reasons: [...new Set(reasons)] };
}

function verdictOf({ attempted, evaluated, findings }: ReportedGroup): Verdict {
  if (findings.length > 0) return 'FAILED';
  if (attempted === 0) return 'not verifiable';
  return evaluated === attempted ? 'verified' : 'inconclusive';
}

function reasonsOf({ name, findings }: ReportedGroup, { layers, findings: all }: Report): string[] {
  const layer = layers.find((one) => one.name === 'contracts');
  const open = [...(layer?.notVerifiable ?? []), ...(layer?.inconclusive ?? [])];
  return [
    ...open.filter(({ group }) => group === name).map(({ reason }) => reason),
    ...all.filter(({ id }) => findings.includes(id)).map(({ title, received }) => `${title}: ${received}`),
  ];
}

function lines(
  { interaction, verdicts, reasons }: Row,
  consumers: readonly string[],
  width: number,
): string[] {
  const cells = consumers.map((consumer) => cell(verdicts.get(consumer) ?? '–'));
  const row = `  ${interaction.padEnd(width)}  ${cells.join('')}`;
  return [row.trimEnd(), ...reasons.map((reason) => `  ${' '.repeat(width)}    ${reason}`)];
}

function cell(text: string): string {
  return text.padEnd(16);
}
