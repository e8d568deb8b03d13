import { targetName } from '../../settings/target-name.ts';
import { printable } from '../printable.ts';
import type { Report, ReportedCheck } from '../report.ts';
import { verdictText } from '../verdict-text.ts';
import { dataTable } from './data-table.ts';
import { html, type Markup } from './markup.ts';

const verdictWords = { pass: 'pass', fail: 'fail', inconclusive: 'inconclusive' } as const;

/** A verdict as a shape and a word. */
export function mark(verdict: keyof typeof verdictWords | 'none', word: string = verdict): Markup {
  return html`<span class=${`mark ${verdict}`}>${word}</span>`;
}

/** The verdict, the facts of the run, and what weakens the verdict. */
export function summarySection(report: Report): Markup {
  const { verdict, tool, startedAt, durationMs, profile, seed, target, quota } = report;
  const facts: [string, string][] = [
    ['Target', targetName(target)],
    ['Started', startedAt],
    ['Duration', `${(durationMs / 1000).toFixed(1)} s`],
    ['Profile', profile],
    ['Quota', quota],
    ['Seed', String(seed)],
    ['Version', `${tool.name} ${tool.version}`],
  ];
  return html`<header>
    <h1 class=${verdict}>${printable(verdictText(report))}</h1>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${printable(value)}</dd>
          </div>`,
      )}
    </dl>
    <p class="dim">
      This page contains requests and responses of the target. Secrets are masked;${' '}<code>--redact</code>
      leaves response bodies out.
    </p>
    ${gapsOf(report)}
  </header>`;
}

/** Everything that weakens the verdict: layers and checks without a result. */
function gapsOf(report: Report): Markup {
  const lines = [
    ...report.layers.flatMap(({ name, stopped }) => (stopped === null ? [] : [`${name}: ${stopped}`])),
    ...report.notRun.map(({ name, reason }) => `${name} was skipped: ${reason}`),
    ...report.layers.flatMap(({ name, inconclusive }) =>
      byReason(inconclusive).map(([reason, count]) => `${name}, ${checks(count)} inconclusive: ${reason}`),
    ),
    ...report.layers.flatMap(({ name, skipped }) =>
      byReason(skipped).map(([reason, count]) => `${name}, ${checks(count)} skipped: ${reason}`),
    ),
    ...report.notes,
  ];
  if (lines.length === 0) return null;
  return html`<section class="gaps" aria-labelledby="gaps">
    <h2 id="gaps">What this verdict does not cover</h2>
    <ul>
      ${lines.map((line) => html`<li>${printable(line)}</li>`)}
    </ul>
  </section>`;
}

function checks(count: number): string {
  return `${count} ${count === 1 ? 'check' : 'checks'}`;
}

function byReason(all: readonly ReportedCheck[]): [string, number][] {
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, same]) => [reason, same.length]);
}

export function layerSection({ layers }: Report): Markup {
  return html`<section aria-labelledby="layers">
    <h2 id="layers">Layers</h2>
    ${dataTable(
      'Layers',
      [
        'Layer',
        'Verdict',
        { number: 'Evaluated' },
        { number: 'Skipped' },
        { number: 'Inconclusive' },
        { number: 'Requests' },
        { number: 'Seconds' },
      ],
      layers.map((layer) => [
        layer.name,
        mark(layer.verdict),
        `${layer.evaluated} of ${layer.attempted}`,
        layer.skipped.length,
        layer.inconclusive.length,
        layer.requests,
        (layer.durationMs / 1000).toFixed(1),
      ]),
    )}
  </section>`;
}
