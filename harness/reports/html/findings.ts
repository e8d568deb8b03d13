import { explanations } from '../../../core/index.ts';
import { printable, printableLines } from '../printable.ts';
import { mutationText, occurrences } from '../finding-text.ts';
import type { Report, ReportedExchange, ReportedFinding, ReportedMessage } from '../report.ts';
import { historySvg } from './history.ts';
import { html, type Markup } from './markup.ts';
import { mark } from './summary.ts';

/** Findings of a cause that are shown in full. The details of the others are stored packed. */
const FULL_PER_CAUSE = 3;

/** The details of a finding as labels and texts. */
export type PackedFinding = readonly (readonly [label: string, text: string])[];

export interface FindingsSection {
  readonly markup: Markup;
  /** The details of findings that are not in the markup. */
  readonly packed: readonly PackedFinding[];
}

/** The findings by cause: the code and the operation. */
export function findingsSection({ findings }: Report): FindingsSection {
  const packed: PackedFinding[] = [];
  const causes = [
    ...Map.groupBy(findings, ({ code, operation, known }) => `${known} ${code} ${operation}`).values(),
  ];
  const markup = html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    ${findings.length === 0 ? html`<p>None.</p>` : tools()}
    ${causes.map((members) => causeOf(members, packed))}
  </section>`;
  return { markup, packed };
}

function tools(): Markup {
  return html`<div class="tools" role="search">
    <label>Search <input id="search" type="search" placeholder="words, or -word" /></label>
    <label
      >Severity
      <select id="severity">
        <option value="">all</option>
        <option>critical</option>
        <option>major</option>
        <option>minor</option>
      </select></label
    >
    <label><input id="keys" type="checkbox" checked /> keys / j k</label>
    <span id="shown" role="status"></span>
  </div>`;
}

function causeOf(members: readonly ReportedFinding[], packed: PackedFinding[]): Markup {
  const [first] = members;
  if (first === undefined) return null;
  const { code, title, operation, severity, known } = first;
  const { importance, fix } = explanations[code];
  const count = members.length === 1 ? '1 finding' : `${members.length} findings`;
  return html`<details class="cause" open=${!known}>
    <summary>
      ${mark(known ? 'none' : 'fail', known ? 'known' : severity)}${' '}
      <h3>${operation ?? 'target'} · ${title}</h3>
      ${' '}<span class="dim">${code}, ${count}</span>
    </summary>
    <p>${importance} <span class="dim">${fix}</span></p>
    ${members.map((finding, index) =>
      index < FULL_PER_CAUSE ? fullFinding(finding, index === 0) : packedFinding(finding, packed),
    )}
  </details>`;
}

function head({ id, received, mutation }: ReportedFinding): Markup {
  const what = mutation === null ? '' : ` · ${mutation.name}`;
  return html`<summary>${printable(received)}<span class="dim">${printable(what)} · ${id}</span></summary>`;
}

function fullFinding(finding: ReportedFinding, isOpen: boolean): Markup {
  const { id, severity, exchange, sequence, start, curl, replay, replayData } = finding;
  return html`<details class="finding full" id=${id} data-severity=${severity} open=${isOpen}>
    ${head(finding)}
    <dl class="pairs">
      ${factsOf(finding).map(
        ([label, text]) =>
          html`<dt>${label}</dt>
            <dd>${printable(text)}</dd>`,
      )}
    </dl>
    ${exchange && columns(exchange, finding)} ${sequence.length > 0 && sequenceOf(finding)}
    ${start !== null && command('Start the service', start)}
    ${curl !== null && command('Send it again', curl)}
    ${replayData !== null && command('Reproduce it', replay)}
  </details>`;
}

function factsOf(finding: ReportedFinding): [string, string][] {
  const { documented, source, mutation, severity, seenBy, principal } = finding;
  const facts: [string, string | null][] = [
    ['Documented', `${documented} (${source})`],
    ['Mutation', mutation && mutationText(mutation)],
    ['Seen', `${occurrences(finding)} by ${seenBy.join(', ')}, ${severity}`],
    ['Principal', principal === 'user' ? null : principal],
  ];
  return facts.flatMap(([label, text]) => (text === null ? [] : [[label, text] as [string, string]]));
}

function columns({ request, response }: ReportedExchange, { received, documented }: ReportedFinding): Markup {
  const expected = `${documented}\n\ninstead of\n\n${received}`;
  return html`<div class="columns">
    ${column('Sent', messageText(request))}${column('Received', messageText(response))}${column('Expected', expected)}
  </div>`;
}

function column(title: string, text: string): Markup {
  return html`<div>
    <h4>${title}</h4>
    ${block(text, title)}
  </div>`;
}

/** A block that scrolls, so that it needs the focus of the keyboard. */
function block(text: string, label: string): Markup {
  return html`<pre tabindex="0" role="group" aria-label=${label}>${printableLines(text)}</pre>`;
}

function messageText({ line, headers, body }: ReportedMessage): string {
  const lines = [line, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return body === null ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`;
}

function command(title: string, text: string): Markup {
  return html`<h4>${title}</h4>
    <div class="command">
      ${block(text, title)}<button type="button" aria-label=${`Copy: ${title}`}>Copy</button>
    </div>`;
}

function sequenceOf({ sequence, id }: ReportedFinding): Markup {
  return html`<h4>All requests of this check, in order</h4>
    ${historySvg(sequence, id)}
    ${sequence.map(
      ({ request, response }, index) =>
        html`<details>
          <summary>${index + 1}. ${printable(request.line)} →${' '} ${printable(response.line)}</summary>
          <div class="columns">
            ${column('Sent', messageText(request))}${column('Received', messageText(response))}
          </div>
        </details>`,
    )}`;
}

function packedFinding(finding: ReportedFinding, packed: PackedFinding[]): Markup {
  const { exchange, start, curl, replay, replayData } = finding;
  const parts: [string, string | null][] = [
    ...factsOf(finding),
    ['Sent', exchange && messageText(exchange.request)],
    ['Received', exchange && messageText(exchange.response)],
    ['Start the service', start],
    ['Send it again', curl],
    ['Reproduce it', replayData && replay],
  ];
  const index =
    packed.push(parts.flatMap(([label, text]) => (text ? [[label, printableLines(text)] as const] : []))) - 1;
  return html`<details
    class="finding"
    id=${finding.id}
    data-severity=${finding.severity}
    data-packed=${index}
  >
    ${head(finding)}<noscript><p>The details are in report.json.</p></noscript>
  </details>`;
}
