import { printable } from '../printable.ts';
import type { Report, ReportedGroup } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { mark } from './summary.ts';

/** A table of interactions and consumer versions. Nothing if the contracts layer did not run. */
export function contractSection({ groups }: Report): Markup {
  const own = groups.filter(({ consumer }) => consumer !== null);
  if (own.length === 0) return null;
  const consumers = [...new Set(own.map(consumerOf))];
  const byInteraction = Map.groupBy(own, interactionOf);
  return html`<section aria-labelledby="contracts">
    <h2 id="contracts">Consumers and interactions</h2>
    <div class="wide" tabindex="0" role="group" aria-label="Consumers and interactions">
      <table>
        <thead>
          <tr>
            <th>Interaction</th>
            ${consumers.map((name) => html`<th scope="col">${printable(name)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${[...byInteraction].map(
            ([name, same]) =>
              html`<tr>
                <th scope="row">${printable(name)}</th>
                ${consumers.map((consumer) => html`<td>${cell(same.find((one) => consumerOf(one) === consumer))}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function consumerOf({ consumer }: ReportedGroup): string {
  const { name = '', version = null, isPending = false } = consumer ?? {};
  return `${name}${version === null ? '' : ` ${version}`}${isPending ? ' [pending]' : ''}`;
}

/** The names of groups begin with the consumer. */
function interactionOf({ name, consumer }: ReportedGroup): string {
  const start = consumer?.name ?? '';
  return name.startsWith(start) ? name.slice(name.indexOf(': ') + 2) : name;
}

function cell(group: ReportedGroup | undefined): Markup {
  if (group === undefined) return html`<span class="dim">–</span>`;
  const { findings, attempted, evaluated } = group;
  const [first] = findings;
  if (first !== undefined) return html`<a href=${`#${first}`}>${mark('fail', 'failed')}</a>`;
  if (attempted === 0) return mark('none', 'skipped');
  return evaluated === attempted ? mark('pass', 'verified') : mark('inconclusive');
}
