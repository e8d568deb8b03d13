import { printable } from '../printable.ts';
import type { Report, ReportedMutation } from '../report.ts';
import { dataTable } from './data-table.ts';
import { html, type Markup } from './markup.ts';

interface Family {
  readonly name: string;
  readonly cells: ReadonlyMap<string, ReportedMutation>;
  readonly failed: number;
}

/** Mutations by family and member: how often each was sent and how often it showed a finding. */
export function mutationSection({ mutations }: Report): Markup {
  if (mutations.length === 0) return null;
  const families = familiesOf(mutations).toSorted((a, b) => b.failed - a.failed);
  const failing = families.filter(({ failed }) => failed > 0);
  const others = families.filter(({ failed }) => failed === 0);
  return html`<section aria-labelledby="mutations">
    <h2 id="mutations">Mutations</h2>
    <p class="dim">Requests with one deviation. A cell is the number that showed a finding, of those sent.</p>
    ${failing.length > 0 ? familyTable(failing, 'Mutations with findings') : html`<p>No mutation showed a finding.</p>`}
    ${
      others.length > 0 &&
      html`<details>
        <summary>${others.length} families without a finding</summary>
        ${familyTable(others, 'Mutations without findings')}
      </details>`
    }
  </section>`;
}

function familiesOf(mutations: readonly ReportedMutation[]): Family[] {
  const split = mutations.map((one) => ({ one, at: one.name.indexOf('@') }));
  return [...Map.groupBy(split, ({ one, at }) => one.name.slice(0, at))].map(([name, members]) => ({
    name,
    cells: new Map(members.map(({ one, at }) => [one.name.slice(at + 1), one])),
    failed: members.reduce((sum, { one }) => sum + one.failed, 0),
  }));
}

function familyTable(families: readonly Family[], label: string): Markup {
  const members = [...new Set(families.flatMap(({ cells }) => [...cells.keys()]))];
  return dataTable(
    label,
    ['Mutation', ...members.map((name) => ({ number: printable(name) }))],
    families.map(({ name, cells }) => [printable(name), ...members.map((member) => cell(cells.get(member)))]),
  );
}

function cell(tally: ReportedMutation | undefined): Markup {
  if (tally === undefined) return html`<span class="dim">·</span>`;
  const { attempted, failed } = tally;
  const level = failed === 0 ? 0 : Math.ceil((3 * failed) / attempted);
  return html`<span class=${`heat heat${level}`}>${failed}/${attempted}</span>`;
}
