import { setTimeout as wait } from 'node:timers/promises';

import type { Outcome, Quota } from '../../core/index.ts';
import { mostRising, RISE } from '../scripts/breakpoint-plan.ts';
import {
  CLIENT_WINDOWS,
  clientKinds,
  requestsIn,
  stressNames,
  stressProfiles,
  windowsIn,
  type StressName,
  type StressProfile,
} from '../scripts/stress-profiles.ts';
import type { TraceLine } from '../scripts/trace.ts';
import type { LoadPlan } from './exceed-and-recover.ts';
import { isLeftAlone } from './escalation.ts';
import { concluded, leftOut, scenario, servedOrLimited, type LoadOptions } from '../runner/run-scenario.ts';
import { judgeBreakpoint, judgeClients, judgeStress } from '../analysis/stress.ts';

/** Windows of the quota that both kinds of clients violate, which is more than limiters that escalate forgive. */
const CLIENT_VIOLATIONS = 2 * CLIENT_WINDOWS;

type PlanOptions = Pick<LoadOptions, 'quota' | 'guard' | 'restBetweenMs' | 'isRemote'>;

/** What the stress scenarios cost at most. */
export function planStress({ quota, guard, restBetweenMs, isRemote }: PlanOptions): LoadPlan {
  const { limit, windowMs } = quota;
  const shapes = runnable(guard).map((name) => planShape(name, quota));
  const sum = (pick: (plan: LoadPlan) => number): number =>
    shapes.reduce((total, plan) => total + pick(plan), 0);
  const clients = isRemote ? 0 : 2 * 3 * CLIENT_WINDOWS * limit;
  return {
    requests: sum(({ requests }) => requests) + mostRising(limit) + clients,
    writes: sum(({ writes }) => writes),
    violations: sum(({ violations }) => violations) + 1 + (isRemote ? 0 : CLIENT_VIOLATIONS),
    durationMs:
      (shapes.length + 3) * restBetweenMs +
      sum(({ durationMs }) => durationMs) +
      (RISE.windows + 2 * CLIENT_WINDOWS) * windowMs,
  };
}

/** What one shape of load costs. */
export function planShape(name: StressName, { limit, windowMs }: Quota): LoadPlan {
  const profile: StressProfile = stressProfiles[name];
  const requests = requestsIn(profile, limit);
  return {
    requests,
    writes: Math.ceil(profile.writes * requests),
    violations: profile.stretches.filter(({ share }) => share > 1).length,
    durationMs: windowsIn(profile) * windowMs,
  };
}

function runnable(guard: LoadOptions['guard']): typeof stressNames {
  return stressNames.filter((name) => stressProfiles[name].writes === 0 || guard.allows('write'));
}

/** How the endpoints behave under load of several shapes, and what clients get that wait as told or do not. */
export async function* stressScenarios(options: LoadOptions): AsyncGenerator<Outcome> {
  const { quota, guard, signal, restBetweenMs, isRemote } = options;
  const rest = (): Promise<void> => wait(restBetweenMs, undefined, { signal });
  for (const name of stressNames) {
    if (!runnable(guard).includes(name)) {
      yield leftOut(name, 'stress', 'not-allowed', { permission: 'write' });
      continue;
    }
    await rest();
    const lines = yield* scenario(options, name);
    yield* judgeShape(name, lines, quota);
    if (yield* isLeftAlone(options, lines)) return;
  }
  await rest();
  const rising = yield* scenario(options, 'breakpoint');
  yield concluded('rate at the first refusal', 'breakpoint', judgeBreakpoint(rising, quota));
  yield* servedOrLimited('until the first refusal', 'breakpoint', rising);
  for (const kind of clientKinds) {
    if (isRemote) {
      yield leftOut(kind, 'stress', 'would-escalate', { violations: String(CLIENT_VIOLATIONS) });
      continue;
    }
    await rest();
    const lines = yield* scenario(options, kind);
    yield concluded(`what ${kind} clients get`, kind, judgeClients(kind, lines, quota));
    yield* servedOrLimited(`to ${kind} clients`, kind, lines);
  }
}

/** What the exchanges of one shape of load show, wherever it was made. */
export function* judgeShape(name: StressName, lines: readonly TraceLine[], quota: Quota): Generator<Outcome> {
  yield concluded(`load of the shape ${name}`, name, judgeStress(name, lines, quota));
  yield* servedOrLimited(`under ${name}`, name, lines);
}
