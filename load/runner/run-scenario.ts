import {
  judgementOf,
  outcomeOf,
  type Judged,
  type ObstacleCode,
  type Outcome,
  type Quota,
  type ReadableType,
  type Remark,
} from '../../core/index.ts';
import type { Guard } from '../../core/client/index.ts';
import { runK6, type K6Run, type Problem } from './k6-process.ts';
import { drainsAt, type Dimension } from '../scripts/dimensions.ts';
import { stressProfiles } from '../scripts/stress-profiles.ts';
import type { LoadTask, ScenarioName, TokenName, TraceLine } from '../scripts/trace.ts';
import { plainTask } from './default-task.ts';
import { openTokenDoor, type FreshToken } from './token-server.ts';
import { sideBySide } from './side-by-side.ts';
import { judgeLatency, thresholds } from '../analysis/latency.ts';
import { judgeStatuses } from '../analysis/statuses.ts';
import type { Measurement } from '../analysis/threshold.ts';
import { judgeToken } from '../analysis/token.ts';

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
  /** Valid tokens: that of the principal that makes the load, and those of others that a scenario shows. */
  readonly tokens: (names: readonly TokenName[]) => Promise<Partial<Record<TokenName, string>>>;
  /** Takes every secret that is known out of a text. */
  readonly mask: (text: string) => string;
  /** The token of the load, and how long it is good. */
  readonly freshToken: () => Promise<FreshToken>;
  /** Who makes the load. */
  readonly principal: LoadTask['principal'];
  /** Whose tokens there are. */
  readonly has: readonly TokenName[];
  /** Another managed client of the same owner. */
  readonly secondClient?: string;
  /** Milliseconds to rest first, where others have used the same quota. */
  readonly restMs: number;
  /** The same between two bursts over the quota: limiters that escalate count the windows that were violated. */
  readonly restBetweenMs: number;
  /** k6 processes that share the load. */
  readonly segments: number;
  /** On another machine nothing is sent that makes a limiter escalate. */
  readonly isRemote: boolean;
  /** How much is asked of the limiter. */
  readonly suite: 'ci' | 'nightly';
  /** Told of every exchange, for whoever keeps the trace. */
  readonly onExchange?: (scenario: string, line: TraceLine) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const LAYER = 'load';

/** Runs one scenario in k6 and yields an outcome for each of its exchanges. */
export async function* scenario(
  options: LoadOptions,
  name: ScenarioName,
  more: Partial<Pick<LoadTask, 'probesAt' | 'beginsAt' | 'cycle' | 'dimensions' | 'windows'>> = {},
): AsyncGenerator<Outcome, TraceLine[]> {
  options.signal.throwIfAborted();
  const lines: TraceLine[] = [];
  const door = await openTokenDoor(options.freshToken);
  let trace: ReturnType<typeof sideBySide<TraceLine, Problem>> | undefined;
  try {
    const runs = await segmentsOf({ ...options, door: door.url }, name, more);
    trace = sideBySide(runs.map(runK6));
    for (;;) {
      const { done, value } = await trace.next();
      if (done === true) {
        const problem = value.find((one) => one !== undefined);
        if (problem !== undefined) throw new K6Error(`${problem} (scenario ${name})`);
        if (hasThreshold(name)) yield concluded(`latency of ${name}`, name, judgeLatency(name, lines));
        return lines;
      }
      lines.push(value);
      options.onExchange?.(name, value);
      yield observed(value);
    }
  } finally {
    // Whoever stops listening stops the load.
    await trace?.return([]);
    door.close();
  }
}

/** Shapes of load are judged by themselves. */
function hasThreshold(name: ScenarioName): name is keyof typeof thresholds {
  return name in thresholds;
}

/** What one process needs to know. */
type Doored = LoadOptions & { readonly door: string };

/** Milliseconds that k6 processes have to be ready in, where they begin together. */
const START_MS = 2000;

/** One process; or several that share the load. */
async function segmentsOf(options: Doored, name: ScenarioName, more: Partial<LoadTask>): Promise<K6Run[]> {
  const whole = await k6Run(options, name, more);
  const of = isShared(name) ? options.segments : 1;
  if (of === 1) return [whole];
  const startAt = Date.now() + START_MS;
  return Array.from({ length: of }, (_, index) => ({
    ...whole,
    isFirst: whole.isFirst && index === 0,
    task: { ...whole.task, segment: { index, of, startAt } },
  }));
}

/** What is about the order of single requests is one process's business. */
function isShared(name: ScenarioName): boolean {
  return name === 'over' || name === 'under' || name in stressProfiles;
}

async function k6Run(options: Doored, name: ScenarioName, more: Partial<LoadTask>): Promise<K6Run> {
  const { baseUrl, client, secondClient, types, quota, guard, principal } = options;
  const { binary, script, env, signal } = options;
  const { limit, windowMs } = quota;
  const writes = guard.allows('write');
  // Another client's token is shown where that is what is asked, and nowhere else.
  const names: readonly TokenName[] = [
    'own',
    ...(more.dimensions ?? []).flatMap((one) => shows[one] ?? []),
    ...(name === 'charged' ? ['forged' as const] : []),
  ];
  const task: LoadTask = {
    ...plainTask,
    scenario: name,
    baseUrl,
    client,
    types,
    limit,
    windowMs,
    writes,
    principal,
    tokens: names,
    hasDoor: true,
    drains: drainsAt(options.isRemote),
    ...(secondClient !== undefined && { secondClient }),
    ...more,
  };
  return {
    binary,
    script,
    task,
    isFirst: name === 'smoke' || (name === 'identify' && more.cycle === undefined),
    mask: options.mask,
    secrets: { ...(await options.tokens(names)), door: options.door },
    env,
    signal,
  };
}

const shows: Partial<Record<Dimension, TokenName>> = { client: 'other', token: 'second' };

/** What the judge says of one exchange. */
export function observed(line: TraceLine): Outcome {
  const attempt = attemptOf(`exchange of ${line.phase}`, line.phase);
  return outcomeOf(attempt, [judged(line.remarks, line)]);
}

/** What follows from a trace as a whole; without it there is no verdict. */
export function concluded(what: string, group: string, { remarks, measured, line }: Measurement): Outcome {
  const outcome = outcomeOf(attemptOf(what, group), [judged(remarks, line)], 0);
  return outcome.kind === 'not-verifiable' ? outcome : { ...outcome, measured, decisive: true };
}

/** A valid token is served throughout, and what is not served is limited. */
export function* servedOrLimited(
  when: string,
  group: string,
  lines: readonly TraceLine[],
): Generator<Outcome> {
  yield concluded(`the token is served ${when}`, group, judgeToken(lines));
  yield concluded(`nothing but 200 and 429 ${when}`, group, judgeStatuses(lines));
}

/** What is sent again is the whole of the layer: it tells something where the same thing was looked at. */
function attemptOf(what: string, group: string) {
  return { layer: LAYER, what, group, rerun: { layer: LAYER, data: { what } } };
}

/** What cannot be told of this target, or not be asked. */
export function leftOut(
  what: string,
  group: string,
  reason: ObstacleCode,
  details: Readonly<Record<string, string>> = {},
): Outcome {
  return { kind: 'not-verifiable', layer: LAYER, what, group, reason, details };
}

function judged(remarks: readonly Remark[], line: TraceLine | undefined): Judged {
  const exchange = line?.exchange;
  const documented = line?.method === 'POST' ? 'updateManagedClientStatus' : 'getManagedClientStatus';
  const operation = line?.undocumented === true ? undefined : documented;
  return {
    asked: { operation, expectation: 'either', clientKnown: true },
    judgement: judgementOf(remarks),
    ...(exchange && { exchange }),
  };
}
