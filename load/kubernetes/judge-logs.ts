import type { Outcome, Quota } from '../../core/index.ts';
import { readLog, type LogLine } from '../runner/k6-log.ts';
import { stressProfiles, type StressName } from '../scripts/stress-profiles.ts';
import type { TraceHead, TraceLine } from '../scripts/trace.ts';
import { observed } from '../runner/run-scenario.ts';
import { judgeShape } from '../suites/stress.ts';

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

/** Nothing in the logs says what was run; `cause` is what k6 said of it, where it said something. */
export class LogsError extends Error {
  override readonly name = 'LogsError';
  declare readonly cause: string | undefined;
}

/**
 * Puts the logs of the runners together, one after the other or each by itself: the order of lines does not matter.
 * @param logs texts, k6's log in the JSON format
 * @throws {LogsError}
 */
export function mergeLogs(logs: readonly string[]): ClusterTrace {
  const lines: TraceLine[] = [];
  const heads: TraceHead[] = [];
  let ended = 0;
  let trouble: string | undefined;
  // The same log may be there twice.
  for (const text of new Set(logs.flatMap((log) => log.split('\n')))) {
    const line = readLog(text);
    if (line.kind === 'exchange') lines.push(line.exchange);
    if (line.kind === 'head') heads.push(line.head);
    if (line.kind === 'end') ended += 1;
    if (line.kind === 'exception' || isOfEnd(line)) trouble ??= line.message;
  }
  const [first] = heads;
  if (first === undefined) throw new LogsError('no runner of a cluster began in them', { cause: trouble });
  const { begin: shape, baseUrl, client, limit, windowMs, run, runners } = first;
  if (!isShape(shape)) throw new LogsError(`they are of ${shape}, which is no shape of load`);
  if (heads.some((other) => other.run !== run)) throw new LogsError('they are of more than one load');
  return {
    shape,
    baseUrl,
    client,
    quota: { limit, windowMs },
    lines: lines.toSorted((a, b) => a.sentAt - b.sentAt),
    problem: trouble ?? lacking(ended, runners),
  };
}

/** A runner that is told to end does so in good order, and its exit code is not at hand. */
function isOfEnd(line: LogLine): line is LogLine & { kind: 'complaint' } {
  return line.kind === 'complaint' && /abort|interrupt|signal/i.test(line.message);
}

function isShape(name: string): name is StressName {
  return Object.hasOwn(stressProfiles, name);
}

function lacking(ended: number, runners: number): string | undefined {
  return ended === runners ? undefined : `${ended} of ${runners} runners came to their end`;
}

/** One verdict on what all of them have seen, the same as on one machine; only that no machine can send it again. */
export function* judgeCluster({ shape, lines, quota }: ClusterTrace): Generator<Outcome> {
  const outcomes = [...lines.map(observed), ...judgeShape(shape, lines, quota)];
  for (const outcome of outcomes) {
    if (outcome.kind === 'not-verifiable') yield outcome;
    else {
      const { rerun: _, ...own } = outcome;
      yield own;
    }
  }
}
