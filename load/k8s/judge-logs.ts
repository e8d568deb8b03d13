import type { Outcome, Quota } from '../../contracts/index.ts';
import { readLog } from '../k6-log.ts';
import { stressProfiles, type StressName } from '../k6/stress-profiles.ts';
import type { TraceEnd, TraceLine } from '../k6/trace.ts';
import { observed } from '../run-scenario.ts';
import { judgeShape } from '../stress-suite.ts';

/** What the runners of a load have written down, put together. */
export interface ClusterTrace {
  readonly shape: StressName;
  readonly baseUrl: string;
  readonly client: string;
  readonly quota: Quota;
  /** In the order of sending. */
  readonly lines: readonly TraceLine[];
  /** Why it is not all that there should be. */
  readonly problem: string | undefined;
}

/** Nothing in the logs says what was run. */
export class LogsError extends Error {
  override readonly name = 'LogsError';
}

/**
 * Puts the logs of the runners together, one after the other or each by itself: the order of lines does not matter.
 * @param logs texts, k6's log in the JSON format
 * @throws {LogsError}
 */
export function mergeLogs(logs: readonly string[]): ClusterTrace {
  const lines: TraceLine[] = [];
  const ends: TraceEnd[] = [];
  let exception: string | undefined;
  for (const text of logs.flatMap((log) => log.split('\n'))) {
    const line = readLog(text);
    if (line.kind === 'exchange') lines.push(line.exchange);
    if (line.kind === 'end') ends.push(line.end);
    if (line.kind === 'exception') exception ??= line.message;
  }
  const [first] = ends;
  if (first === undefined) throw new LogsError('no runner came to its end in them');
  const { end: shape, baseUrl, client, limit, windowMs, runners } = first;
  if (!isShape(shape)) throw new LogsError(`they are of ${shape}, which is no shape of load`);
  if (ends.some((other) => other.end !== shape || other.baseUrl !== baseUrl))
    throw new LogsError('they are of more than one load');
  return {
    shape,
    baseUrl,
    client,
    quota: { limit, windowMs },
    lines: lines.toSorted((a, b) => a.sentAt - b.sentAt),
    problem: exception ?? lacking(ends.length, runners),
  };
}

function isShape(name: string): name is StressName {
  return Object.hasOwn(stressProfiles, name);
}

function lacking(ended: number, runners: number): string | undefined {
  return ended === runners ? undefined : `${ended} of ${runners} runners came to their end`;
}

/** One verdict on what all of them have seen, the same as on one machine. */
export function* judgeCluster({ shape, lines, quota }: ClusterTrace): Generator<Outcome> {
  for (const line of lines) yield observed(line);
  yield* judgeShape(shape, lines, quota);
}
