import { consumerTitle, interactionResult, type InteractionResult } from '../group.ts';
import { printable } from '../printable.ts';
import type { Report, ReportedGroup } from '../report.ts';
import { dataTable } from './data-table.ts';
import { html, type Markup } from './markup.ts';
import { mark } from './summary.ts';

/** A table of interactions and consumer versions. Nothing if the contracts layer did not run. */
export function contractSection({ groups }: Report): Markup {
  const own = groups.filter(({ consumer }) => consumer !== null);
  if (own.length === 0) return null;
  const consumers = [...new Set(own.map(({ consumer }) => consumerTitle(consumer)))];
  const byInteraction = Map.groupBy(own, interactionOf);
  return html`<section aria-labelledby="contracts">
    <h2 id="contracts">Consumers and interactions</h2>
    ${dataTable(
      'Consumers and interactions',
      ['Interaction', ...consumers.map(printable)],
      [...byInteraction].map(([name, same]) => [
        printable(name),
        ...consumers.map((title) => cell(same.find(({ consumer }) => consumerTitle(consumer) === title))),
      ]),
    )}
  </section>`;
}

/** The names of groups begin with the consumer. */
function interactionOf({ name, consumer }: ReportedGroup): string {
  const start = consumer?.name ?? '';
  return name.startsWith(start) ? name.slice(name.indexOf(': ') + 2) : name;
}

const marks = {
  verified: 'pass',
  failed: 'fail',
  skipped: 'none',
  inconclusive: 'inconclusive',
} as const satisfies Record<InteractionResult, Parameters<typeof mark>[0]>;

function cell(group: ReportedGroup | undefined): Markup {
  if (group === undefined) return html`<span class="dim">–</span>`;
  const [first] = group.findings;
  const result = interactionResult(group);
  const shown = mark(marks[result], result);
  return first === undefined ? shown : html`<a href=${`#${first}`}>${shown}</a>`;
}
