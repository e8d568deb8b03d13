import type { Emit, Quota } from '../../core/index.ts';
import type { LoadReplay } from '../context.ts';
import { parseLogLine, type LogLine } from '../runner/k6-log.ts';
import { exchangeOutcome } from '../runner/outcomes.ts';
import { stressProfiles, type StressName } from '../scripts/stress-profiles.ts';
import type { LoadExchange, TraceStart } from '../scripts/trace.ts';
import { judgeProfile } from '../suites/stress.ts';

/** The merged logs of the runners of a load. */
export interface ClusterTrace {
  readonly profile: StressName;
  readonly baseUrl: string;
  readonly managedClient: string;
  readonly quota: Quota;
  /** In the order of sending. */
  readonly exchanges: readonly LoadExchange[];
  /** Why the logs are incomplete. */
  readonly problem: string | undefined;
}

/** The logs do not show which load ran. `cause` is an error that k6 reported. */
export class LogsError extends Error {
  override readonly name = 'LogsError';
  declare readonly cause: string | undefined;
}

/**
 * Merges the logs of the runners. The order of lines does not matter.
 * @param logs texts in the JSON log format of k6
 * @throws {LogsError}
 */
export function mergeLogs(logs: readonly string[]): ClusterTrace {
  const exchanges: LoadExchange[] = [];
  const starts: TraceStart[] = [];
  let ended = 0;
  let error: string | undefined;
  // A file may contain the same log twice.
  for (const text of new Set(logs.flatMap((log) => log.split('\n')))) {
    const line = parseLogLine(text);
    if (line.kind === 'exchange') exchanges.push(line.exchange);
    if (line.kind === 'start') starts.push(line.start);
    if (line.kind === 'end') ended += 1;
    if (line.kind === 'exception' || isInterruption(line)) error ??= line.message;
  }
  const [first] = starts;
  if (first === undefined) throw new LogsError('no runner started in them', { cause: error });
  const { start: profile, baseUrl, managedClient, limit, windowMs, run, runners } = first;
  if (!isProfile(profile)) throw new LogsError(`they are of ${profile}, which is no stress profile`);
  if (starts.some((other) => other.run !== run)) throw new LogsError('they are of more than one load');
  return {
    profile,
    baseUrl,
    managedClient,
    quota: { limit, windowMs },
    exchanges: exchanges.toSorted((a, b) => a.sentAt - b.sentAt),
    problem: error ?? (ended === runners ? undefined : `${ended} of ${runners} runners completed`),
  };
}

/** An interrupted runner shuts down in order, and its exit code is not available here. */
function isInterruption(line: LogLine): line is LogLine & { kind: 'error' } {
  return line.kind === 'error' && /abort|interrupt|signal/i.test(line.message);
}

function isProfile(name: string): name is StressName {
  return Object.hasOwn(stressProfiles, name);
}

/** Judges the exchanges of all runners together. They cannot be replayed from this machine. */
export function judgeCluster({ profile, exchanges, quota }: ClusterTrace, emit: Emit<LoadReplay>): void {
  const outcomes = [...exchanges.map(exchangeOutcome), ...judgeProfile(profile, exchanges, quota)];
  for (const outcome of outcomes) {
    if (outcome.kind === 'skipped') emit(outcome);
    else {
      const { replay: _, ...withoutReplay } = outcome;
      emit(withoutReplay);
    }
  }
}
