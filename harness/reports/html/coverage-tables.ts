import type { Report, ReportedClause } from '../report.ts';
import { dataTable } from './data-table.ts';
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
    ${dataTable(
      'Coverage',
      ['Clause', 'Result', { number: 'Exercised' }, { number: 'Proving faults' }, 'Source'],
      coverage.map((clause) => [
        clause.name,
        resultOf(clause),
        clause.exercised,
        clause.faults,
        clause.source,
      ]),
    )}
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
    ${dataTable(
      'Latency',
      [
        'Operation',
        'Status',
        { number: 'Responses' },
        { number: 'Median' },
        { number: '95 %' },
        { number: 'Largest' },
      ],
      sorted.map(({ operation, status, count, medianMs, p95Ms, maxMs }) => [
        operation ?? 'other requests',
        status ?? 'no response',
        count,
        `${medianMs} ms`,
        `${p95Ms} ms`,
        `${maxMs} ms`,
      ]),
    )}
  </section>`;
}
