import { setTimeout as wait } from 'node:timers/promises';

import {
  outcomeOf,
  readableTypes,
  judgementOf,
  type Judged,
  type Outcome,
  type Quota,
  type ReadableType,
  type Remark,
} from '../contracts/index.ts';
import type { Guard } from '../contracts/target/index.ts';
import { runK6, type K6Run } from './k6-process.ts';
import type { LoadTask, ScenarioName, TraceLine } from './k6/trace.ts';
import { UNDER_WINDOWS } from './k6/under-plan.ts';
import { judgeLatency } from './verdicts/latency.ts';
import { judgeRecovery, probeTimes } from './verdicts/recovery.ts';
import { countBefore, isSuspicious, judgeThreshold, type Measurement } from './verdicts/threshold.ts';
import { judgeStatuses } from './verdicts/statuses.ts';
import { judgeToken } from './verdicts/token.ts';
import { judgeUnder, plannedUnder } from './verdicts/under.ts';

export { K6MissingError, resolveK6 } from './k6-binary.ts';

/** k6 did not do what it was told: whatever it measured, something is missing. */
export class K6Error extends Error {
  override readonly name = 'K6Error';
}

export interface LoadOptions {
  readonly baseUrl: string;
  readonly client: string;
  /** Types that the client has reported. */
  readonly types: readonly ReadableType[];
  readonly quota: Quota;
  readonly guard: Guard;
  readonly binary: string;
  readonly script: string;
  /** A valid token of the principal that makes the load. */
  readonly token: () => Promise<string>;
  /** Milliseconds to rest first, where others have used the same quota. */
  readonly restMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const LAYER = 'load';
/** A read of each type and one report. */
const SMOKE_REQUESTS = readableTypes.length + 1;
/**
 * Windows between the recovery from one burst and a second one. The service came back when a window began:
 * after 1.3 of them no window ends in the middle of the burst, whether it is counted by the clock or by the first request.
 */
const SECOND_REST = 1.3;

export interface LoadPlan {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  readonly durationMs: number;
}

/** What the limiter suite costs at most on a target that keeps its promises. */
export function planLoad({
  quota,
  guard,
  restMs,
}: Pick<LoadOptions, 'quota' | 'guard' | 'restMs'>): LoadPlan {
  const burst = Math.ceil(quota.limit * 1.2);
  return {
    requests: SMOKE_REQUESTS + burst + 1 + plannedUnder(quota),
    writes: guard.allows('write') ? 1 : 0,
    violations: 1,
    durationMs: restMs + (2 + UNDER_WINDOWS) * quota.windowMs + 3000,
  };
}

/**
 * The limiter suite: a smoke test, a burst over the quota, silence until the promised time, one probe,
 * a window of rest, and load below the quota. Yields every exchange and then what follows from them.
 * @throws {K6Error}
 */
export async function* stress(options: LoadOptions): AsyncGenerator<Outcome> {
  const { quota, guard, signal } = options;
  guard.ask('load');
  await wait(options.restMs, undefined, { signal });
  const smoke = yield* scenario(options, 'smoke');
  const first = yield* burst(options);
  const before = [...smoke, ...first.lines];
  const needsSecond = first.limited && isSuspicious(countBefore(before, quota), quota);
  const second = needsSecond ? yield* burst(options, SECOND_REST * quota.windowMs) : undefined;
  yield concluded('threshold', 'over', judgeThreshold(before, second?.lines, quota));
  await wait(quota.windowMs, undefined, { signal });
  const under = yield* scenario(options, 'under');
  yield concluded('nobody refused below the quota', 'under', judgeUnder(under, quota));
  const all = [...before, ...(second?.lines ?? []), ...under];
  yield concluded('the token is served throughout', 'under', judgeToken(all));
  yield concluded('nothing but 200 and 429', 'under', judgeStatuses(all));
}

/** A burst, and how the service comes back from it. */
async function* burst(
  options: LoadOptions,
  restMs = 0,
): AsyncGenerator<Outcome, { lines: TraceLine[]; limited: boolean }> {
  await wait(restMs, undefined, { signal: options.signal });
  const lines = yield* scenario(options, 'over');
  const limited = lines.some(({ status }) => status === 429);
  if (!limited) return { lines, limited };
  const probes = yield* scenario(options, 'recover', probeTimes(lines, options.quota));
  yield concluded('recovery', 'recover', judgeRecovery(lines, probes, options.quota));
  return { lines, limited };
}

/** Runs one scenario in k6 and yields an outcome for each of its exchanges. */
async function* scenario(
  options: LoadOptions,
  name: ScenarioName,
  probesAt: readonly number[] = [],
): AsyncGenerator<Outcome, TraceLine[]> {
  options.signal.throwIfAborted();
  const lines: TraceLine[] = [];
  const trace = runK6(await k6Run(options, name, probesAt));
  for (;;) {
    const { done, value } = await trace.next();
    if (done === true) {
      if (value !== undefined) throw new K6Error(`${value} (scenario ${name})`);
      yield concluded(`latency of ${name}`, name, judgeLatency(name, lines));
      return lines;
    }
    lines.push(value);
    yield observed(value);
  }
}

async function k6Run(
  options: LoadOptions,
  name: ScenarioName,
  probesAt: readonly number[] = [],
): Promise<K6Run> {
  const { baseUrl, client, types, quota, guard, binary, script, env, signal } = options;
  const { limit, windowMs } = quota;
  const writes = guard.allows('write');
  const task: LoadTask = {
    scenario: name,
    baseUrl,
    client,
    types,
    limit,
    windowMs,
    writes,
    probesAt,
    mode: 'judge',
  };
  return { binary, script, task, isFirst: name === 'smoke', token: await options.token(), env, signal };
}

const rerun = { layer: LAYER };

function observed(line: TraceLine): Outcome {
  return outcomeOf({ layer: LAYER, what: `exchange of ${line.phase}`, group: line.phase, rerun }, [
    judged(line.remarks, line),
  ]);
}

function concluded(what: string, group: string, { remarks, measured, line }: Measurement): Outcome {
  const outcome = outcomeOf({ layer: LAYER, what, group, rerun }, [judged(remarks, line)], 0);
  return outcome.kind === 'not-verifiable' ? outcome : { ...outcome, measured, decisive: true };
}

function judged(remarks: readonly Remark[], line: TraceLine | undefined): Judged {
  const exchange = line?.exchange;
  const operation =
    exchange?.request.method === 'POST' ? 'updateManagedClientStatus' : 'getManagedClientStatus';
  return {
    asked: { operation, expectation: 'either', clientKnown: true },
    judgement: judgementOf(remarks),
    ...(exchange && { exchange }),
  };
}
