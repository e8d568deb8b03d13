import type { ReportedStep } from '../report.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 900;
const LEFT = 30;
const ROW = 14;

/** A timeline of concurrent requests: a bar from call to return for each. Nothing if they do not overlap. */
export function historySvg(steps: readonly ReportedStep[], id: string): Markup {
  const overlaps = steps.some((one, index) =>
    steps.slice(0, index).some((other) => other.receivedAt > one.sentAt),
  );
  if (!overlaps) return null;
  const end = Math.max(...steps.map(({ receivedAt }) => receivedAt), 1);
  const x = (time: number): number => LEFT + (time / end) * (WIDTH - LEFT - 10);
  const height = steps.length * ROW + 24;
  return html`<svg
    viewBox=${`0 0 ${WIDTH} ${height}`}
    width=${WIDTH}
    height=${height}
    role="img"
    aria-labelledby=${`t${id}`}
  >
    <title id=${`t${id}`}>
      The ${steps.length} requests over ${end.toFixed(1)} ms; reports are orange, reads blue
    </title>
    ${steps.map(
      (step, index) =>
        html`<text x="0" y=${index * ROW + 11}>${index + 1}</text>
          <rect
            class=${step.request.line.startsWith('GET') ? 'bar' : 'bar write'}
            x=${x(step.sentAt)}
            y=${index * ROW + 2}
            width=${Math.max(2, x(step.receivedAt) - x(step.sentAt))}
            height=${ROW - 4}
          />`,
    )}
    <text x=${LEFT} y=${height - 6}>0 ms</text>
    <text x=${WIDTH - 80} y=${height - 6}>${end.toFixed(1)} ms</text>
  </svg>`;
}
