import type { Quota } from '../../core/index.ts';
import type { Cost, Permissions } from '../../core/client/index.ts';
import { judgeStress, judgeUsers, measureBreakpoint } from '../analysis/stress.ts';
import type { LoadContext, LoadOutcome, LoadRunContext } from '../context.ts';
import { conclusion, generalConclusions, skipped } from '../runner/outcomes.ts';
import { runScenario } from '../runner/run-scenario.ts';
import {
  requestsIn,
  stressNames,
  stressProfiles,
  userKinds,
  windowsIn,
  type StressName,
  type StressProfile,
} from '../scripts/stress-profiles.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { maxRisingRequests, maxUserRequests, RISING_RATE, USER_VIOLATIONS, USER_WINDOWS } from '../timing.ts';
import { reportEscalation } from './escalation.ts';
import { rest } from './rest.ts';

/** The maximum cost of all stress scenarios. */
export function estimateStress(context: LoadContext): Cost {
  const { quota, permissions, restBetweenMs, isRemote } = context;
  const profiles = permittedProfiles(permissions).map((name) => estimateProfile(name, quota));
  const sum = (pick: (cost: Cost) => number): number => profiles.reduce((total, one) => total + pick(one), 0);
  const userRequests = isRemote ? 0 : userKinds.length * maxUserRequests(quota.limit);
  return {
    requests: sum(({ requests }) => requests) + maxRisingRequests(quota.limit) + userRequests,
    writes: sum(({ writes }) => writes),
    violations: sum(({ violations }) => violations) + 1 + (isRemote ? 0 : USER_VIOLATIONS),
    durationMs:
      (profiles.length + 3) * restBetweenMs +
      sum(({ durationMs }) => durationMs) +
      (RISING_RATE.windows + userKinds.length * USER_WINDOWS) * quota.windowMs,
  };
}

/** The cost of one stress profile. */
export function estimateProfile(name: StressName, { limit, windowMs }: Quota): Cost {
  const profile: StressProfile = stressProfiles[name];
  const requests = requestsIn(profile, limit);
  return {
    requests,
    writes: Math.ceil(profile.writes * requests),
    violations: profile.periods.filter(({ share }) => share > 1).length,
    durationMs: windowsIn(profile) * windowMs,
  };
}

function permittedProfiles(permissions: Permissions): readonly StressName[] {
  return stressNames.filter((name) => stressProfiles[name].writes === 0 || permissions.allows('write'));
}

/** Runs the stress profiles, the breakpoint, and both kinds of users. */
export async function runStress(context: LoadRunContext): Promise<void> {
  const { quota, permissions, emit } = context;
  const permitted = permittedProfiles(permissions);
  for (const name of stressNames) {
    if (!permitted.includes(name)) {
      emit(skipped(name, 'stress', 'not-allowed', { permission: 'write' }));
      continue;
    }
    await rest(context);
    const exchanges = await runScenario(context, { scenario: name });
    judgeProfile(name, exchanges, quota).forEach(emit);
    if (reportEscalation(context, exchanges)) return;
  }
  await rest(context);
  const rising = await runScenario(context, { scenario: 'breakpoint' });
  emit(conclusion('rate at the first 429', 'breakpoint', measureBreakpoint(rising, quota)));
  generalConclusions('until the first 429', 'breakpoint', rising).forEach(emit);
  await runUsers(context);
}

async function runUsers(context: LoadRunContext): Promise<void> {
  const { quota, emit, isRemote } = context;
  for (const kind of userKinds) {
    if (isRemote) {
      emit(skipped(kind, 'stress', 'would-escalate', { violations: String(USER_VIOLATIONS) }));
      continue;
    }
    await rest(context);
    const exchanges = await runScenario(context, { scenario: kind });
    emit(conclusion(`goodput of ${kind} users`, kind, judgeUsers(kind, exchanges, quota)));
    generalConclusions(`for ${kind} users`, kind, exchanges).forEach(emit);
  }
}

/** Judges the exchanges of a stress profile, from this machine or from a cluster. */
export function judgeProfile(
  name: StressName,
  exchanges: readonly LoadExchange[],
  quota: Quota,
): LoadOutcome[] {
  return [
    conclusion(`stress profile ${name}`, name, judgeStress(name, exchanges, quota)),
    ...generalConclusions(`under ${name}`, name, exchanges),
  ];
}
