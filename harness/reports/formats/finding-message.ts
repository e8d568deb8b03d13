import { occurrences } from '../finding-text.ts';
import { printable } from '../printable.ts';
import type { ReportedFinding } from '../report.ts';
import { limited } from './text.ts';

/** Together they remain below 1,024 characters, the limit of GitHub. */
const MAX_LENGTHS = { headline: 160, received: 260, documented: 160, source: 80, replay: 260 } as const;

/** The operation and the defect, in one line. */
export function headline({ operation, title }: ReportedFinding): string {
  return line(`${operation ?? 'target'} · ${title}`, 'headline');
}

/** A finding without its headline, in lines without control characters. */
export function messageLines(finding: ReportedFinding): string[] {
  const { id, received, documented, source, replay, replayData } = finding;
  return [
    `Received: ${line(received, 'received')}`,
    `Documented: ${line(documented, 'documented')} (${line(source, 'source')})`,
    `Finding: ${id}, seen ${occurrences(finding)}`,
    ...(replayData === null ? [] : [`Replay: ${line(replay, 'replay')}`]),
  ];
}

function line(text: string, part: keyof typeof MAX_LENGTHS): string {
  return limited(printable(text), MAX_LENGTHS[part]);
}
