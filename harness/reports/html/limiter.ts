import { printable } from '../printable.ts';
import type { LoadPoint } from '../load-point.ts';
import type { Report } from '../report.ts';
import { dataTable } from './data-table.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 1000;
const LEFT = 130;
const LANE = 30;
/** More promises would cover each other. */
const MAX_PROMISES = 40;

/** The limiter over time: allowed and throttled requests, announced waits, and the figures. */
export function limiterSection({ loadPoints, limiter, quota }: Report): Markup {
  const figures = Object.entries(limiter);
  if (loadPoints.length === 0 && figures.length === 0) return null;
  const scenarios = [...Map.groupBy(loadPoints, ({ scenario }) => scenario)];
  return html`<section aria-labelledby="limiter">
    <h2 id="limiter">Rate limiter</h2>
    <p class="dim">Documented: ${quota}.</p>
    ${loadPoints.length > 0 && timeline(loadPoints, scenarios)}
    ${loadPoints.length > 0 && scenarioTable(scenarios)}
    ${
      figures.length > 0 &&
      html`<h3>Measured</h3>
        <dl class="pairs">
          ${figures.map(
            ([name, value]) =>
              html`<dt>${printable(name)}</dt>
                <dd>${printable(String(value))}</dd>`,
          )}
        </dl>`
    }
  </section>`;
}

type Scenarios = readonly (readonly [string, readonly LoadPoint[]])[];

function timeline(points: readonly LoadPoint[], scenarios: Scenarios): Markup {
  const end = Math.max(...points.map(({ receivedAt }) => receivedAt), 1000);
  const x = (time: number): number => LEFT + (Math.min(time, end) / end) * (WIDTH - LEFT - 10);
  const height = scenarios.length * LANE + 30;
  return html`<svg
    viewBox=${`0 0 ${WIDTH} ${height}`}
    width=${WIDTH}
    height=${height}
    role="img"
    aria-labelledby="limiter-title"
  >
    <title id="limiter-title">
      Requests over time by scenario: circles were allowed, crosses were throttled, lines are announced waits.
      The table below has the same figures.
    </title>
    ${scenarios.map(([name, own], lane) => laneOf(name, own, lane * LANE, x))}
    ${ticks(end).map(
      (second) =>
        html`<line
            class="axis"
            x1=${x(second * 1000)}
            x2=${x(second * 1000)}
            y1=${height - 24}
            y2=${height - 18}
          />
          <text x=${x(second * 1000) - 6} y=${height - 5}>${second} s</text>`,
    )}
  </svg>`;
}

function ticks(end: number): number[] {
  const seconds = end / 1000;
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find((one) => seconds / one <= 12) ?? 1800;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

function laneOf(
  name: string,
  points: readonly LoadPoint[],
  top: number,
  x: (time: number) => number,
): Markup {
  const y = top + LANE / 2;
  const promises = points.filter(({ status }) => status === 429).slice(0, MAX_PROMISES);
  return html`<text x="0" y=${y + 4}>${name}</text> ${promises.map((point) => {
      const waitMs = announcedMs(point);
      return waitMs === undefined
        ? null
        : html`<line
            class="promise"
            x1=${x(point.receivedAt)}
            x2=${x(point.receivedAt + waitMs)}
            y1=${y + 9}
            y2=${y + 9}
          />`;
    })}
    ${points.map((point) => symbol(point, x(point.sentAt), y))}`;
}

function symbol({ status }: LoadPoint, x: number, y: number): Markup {
  const left = Math.round(x * 10) / 10;
  if (status === 429) return html`<path class="fail" d=${`M${left - 3} ${y - 3}l6 6m0-6l-6 6`} />`;
  return status === 200
    ? html`<circle class="pass" cx=${left} cy=${y} r="2.5" />`
    : html`<rect class="axis" x=${left - 2} y=${y - 2} width="4" height="4" />`;
}

/** Milliseconds; undefined if the header is missing or unreadable. Dates are not shown, because they need a clock. */
function announcedMs({ retryAfter }: LoadPoint): number | undefined {
  if (retryAfter === null) return undefined;
  return /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
}

function scenarioTable(scenarios: Scenarios): Markup {
  return dataTable(
    'Requests by scenario',
    [
      'Scenario',
      { number: 'Requests' },
      { number: 'Allowed' },
      { number: 'Throttled' },
      { number: 'Other' },
      { number: 'First 429 after' },
      { number: 'Retry-After' },
      { number: 'Allowed again after' },
    ],
    scenarios.map(([name, points]) => scenarioRow(name, points)),
  );
}

function scenarioRow(name: string, points: readonly LoadPoint[]): Markup[] {
  const count = (fits: (status: number) => boolean): number =>
    points.filter(({ status }) => fits(status)).length;
  const first = points.findIndex(({ status }) => status === 429);
  const throttled = points[first];
  const next = throttled && points.find((one) => one.status === 200 && one.sentAt > throttled.receivedAt);
  const announced = points.flatMap((point) => announcedMs(point) ?? []);
  const range =
    announced.length === 0 ? '–' : `${Math.min(...announced) / 1000} to ${Math.max(...announced) / 1000} s`;
  const recovery = next && throttled ? `${((next.sentAt - throttled.receivedAt) / 1000).toFixed(1)} s` : '–';
  return [
    name,
    points.length,
    count((status) => status === 200),
    count((status) => status === 429),
    count((status) => status !== 200 && status !== 429),
    first === -1 ? '–' : `${first} requests`,
    range,
    recovery,
  ];
}
