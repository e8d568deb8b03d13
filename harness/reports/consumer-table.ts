import { consumerTitle, interactionResult, interactionResults } from './group.ts';
import { printable } from './printable.ts';
import type { Report, ReportedGroup } from './report.ts';

/** The width of a terminal. A longer name has a line of its own. */
const WIDTH = 80;
/** The beginning of the names of publications. */
const PUBLICATION = 'result of ';
/** Interactions that are listed. The report files contain all of them. */
const MAX_LISTED = 40;

/**
 * The results of the contracts layer: a row of counts for each version of a consumer, and the interactions that are not
 * verified.
 * @returns no lines if the layer did not run
 */
export function consumerTable(report: Report): string[] {
  const groups = report.groups.filter(({ layer }) => layer === 'contracts');
  const ofConsumers = groups.filter(({ consumer }) => consumer !== null);
  if (groups.length === 0) return [];
  const rows = [...Map.groupBy(ofConsumers, ({ consumer }) => JSON.stringify(consumer))].map(
    ([, own]) => own,
  );
  const titles = rows.map(([first]) => printable(consumerTitle(first?.consumer ?? null)));
  const head = interactionResults.map((result) => `  ${result}`).join('');
  const width = Math.min(
    Math.max(...titles.map((title) => title.length), 'consumer'.length),
    WIDTH - 2 - head.length,
  );
  const open = groups.filter((group) => interactionResult(group) !== 'verified');
  const listed = open.slice(0, MAX_LISTED);
  const byReason = Map.groupBy(
    listed,
    (group) => `${interactionResult(group)}: ${reasonsOf(group, report).join('; ')}`,
  );
  const rest = open.length - listed.length;
  const published = groups
    .filter((group) => group.name.startsWith(PUBLICATION) && interactionResult(group) === 'verified')
    .map(({ name }) => `    ${printable(name.slice(PUBLICATION.length))}`);
  return [
    `  ${'consumer'.padEnd(width)}${head}`,
    ...rows.flatMap((own, index) => rowLines(titles[index] ?? '', own, width)),
    ...[...byReason].flatMap(([reason, same]) => [
      '',
      `  ${printable(reason)}`,
      ...same.map(({ name }) => `    ${printable(name)}`),
    ]),
    ...(published.length === 0 ? [] : ['', '  results published for', ...published]),
    ...(rest > 0 ? [`  … and ${rest} more in the report`] : []),
    '',
  ];
}

/** The counts of a consumer version, and the reason of the broker for its selection. */
function rowLines(title: string, groups: readonly ReportedGroup[], width: number): string[] {
  const counts = interactionResults
    .map((result) => {
      const count = groups.filter((group) => interactionResult(group) === result).length;
      return `  ${String(count === 0 ? '–' : count).padStart(result.length)}`;
    })
    .join('');
  const reason = groups[0]?.consumer?.selectedBy;
  return [
    ...(title.length <= width
      ? [`  ${title.padEnd(width)}${counts}`]
      : [`  ${title}`, `  ${' '.repeat(width)}${counts}`]),
    ...(reason ? [`      ${printable(reason)}`] : []),
  ];
}

function reasonsOf({ name, findings }: ReportedGroup, { layers, findings: all }: Report): string[] {
  const layer = layers.find((one) => one.name === 'contracts');
  const unevaluated = [...(layer?.skipped ?? []), ...(layer?.inconclusive ?? [])];
  const reasons = [
    ...unevaluated.filter(({ suite }) => suite === name).map(({ reason }) => reason),
    ...all.filter(({ id }) => findings.includes(id)).map(({ title, received }) => `${title}: ${received}`),
  ];
  return [...new Set(reasons)];
}
