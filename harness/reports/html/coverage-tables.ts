import type { Report, ReportedClause } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { mark } from './summary.ts';

/** The statements of the documentation: what was exercised, what was found, and what proves the rules. */
export function coverageSection({ coverage }: Report): Markup {
  const unexercised = coverage.filter(({ exercised }) => exercised === 0).length;
  return html`<section aria-labelledby="coverage">
    <h2 id="coverage">Coverage of the contract</h2>
    <p>
      ${coverage.length - unexercised} of ${coverage.length} clauses were exercised. A rule is proven by
      faults that are planted in the reference provider and that it detects.
    </p>
    <div class="wide" tabindex="0" role="group" aria-label="Coverage">
      <table>
        <thead>
          <tr>
            <th>Clause</th>
            <th>Result</th>
            <th class="number">Exercised</th>
            <th class="number">Proving faults</th>
            <th>Source</th>
          </tr>
        </thead>
        <tbody>
          ${coverage.map(
            (clause) =>
              html`<tr>
                <th scope="row">${clause.name}</th>
                <td>${resultOf(clause)}</td>
                <td class="number">${clause.exercised}</td>
                <td class="number">${clause.faults}</td>
                <td>${clause.source}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function resultOf({ findings, exercised }: ReportedClause): Markup {
  const [first] = findings;
  if (first !== undefined)
    return html`<a href=${`#${first}`}>${mark('fail', `${findings.length} found`)}</a>`;
  return exercised === 0 ? mark('none', 'not exercised') : mark('pass', 'kept');
}

/** The latency by operation and status. */
export function latencySection({ traffic }: Report): Markup {
  if (traffic.length === 0) return null;
  const sorted = traffic.toSorted((a, b) => b.count - a.count);
  return html`<section aria-labelledby="latency">
    <h2 id="latency">Latency</h2>
    <div class="wide" tabindex="0" role="group" aria-label="Latency">
      <table>
        <thead>
          <tr>
            <th>Operation</th>
            <th>Status</th>
            <th class="number">Responses</th>
            <th class="number">Median</th>
            <th class="number">95 %</th>
            <th class="number">Largest</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.map(
            ({ operation, status, count, medianMs, p95Ms, maxMs }) =>
              html`<tr>
                <th scope="row">${operation ?? 'other requests'}</th>
                <td>${status ?? 'no response'}</td>
                <td class="number">${count}</td>
                <td class="number">${medianMs} ms</td>
                <td class="number">${p95Ms} ms</td>
                <td class="number">${maxMs} ms</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
