import { judgeLatency, latencyLimits } from '../analysis/latency.ts';
import type { LoadRunContext } from '../context.ts';
import type { PartitionKey } from '../scripts/limiter/partition-keys.ts';
import type { LoadTask, ScenarioName, TokenName } from '../scripts/load-task.ts';
import { stressProfiles } from '../scripts/stress-profiles.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { maxExhaustions, SEGMENT_START_MS } from '../timing.ts';
import { runK6, type K6Run } from './k6-process.ts';
import { conclusion, exchangeOutcome } from './outcomes.ts';
import { taskDefaults } from './task-defaults.ts';
import { startTokenServer } from './token-server.ts';

/** k6 did not complete a scenario. The message is a clause without a full stop. */
export class K6Error extends Error {
  override readonly name = 'K6Error';
}

export type ScenarioSpec = { readonly scenario: ScenarioName } & Partial<
  Pick<LoadTask, 'probesAt' | 'startsAt' | 'cycle' | 'partitionKeys' | 'windows'>
>;

/**
 * Runs a scenario in k6. Emits an outcome for each exchange and one for the latency.
 * @returns the exchanges in the order in which they were completed
 * @throws {K6Error}
 */
export async function runScenario(context: LoadRunContext, spec: ScenarioSpec): Promise<LoadExchange[]> {
  const { signal, onExchange, emit } = context;
  const { scenario } = spec;
  signal.throwIfAborted();
  const trace: LoadExchange[] = [];
  const tokenServer = await startTokenServer(context.freshToken);
  try {
    const runs = await k6RunsFor(context, spec, tokenServer.url);
    const problems = await Promise.all(
      runs.map((run) =>
        runK6(run, (exchange) => {
          trace.push(exchange);
          onExchange?.(scenario, exchange);
          emit(exchangeOutcome(exchange));
        }),
      ),
    );
    const problem = problems.find((one) => one !== undefined);
    if (problem !== undefined) throw new K6Error(`${problem} (scenario ${scenario})`);
  } finally {
    await tokenServer.close();
  }
  if (hasLatencyLimit(scenario)) {
    emit(conclusion(`latency of ${scenario}`, scenario, judgeLatency(scenario, trace)));
  }
  return trace;
}

/** Stress profiles have limits of their own. */
function hasLatencyLimit(scenario: ScenarioName): scenario is keyof typeof latencyLimits {
  return scenario in latencyLimits;
}

/** One process, or several that share the load. */
async function k6RunsFor(context: LoadRunContext, spec: ScenarioSpec, tokenServer: string): Promise<K6Run[]> {
  const whole = await k6RunFor(context, spec, tokenServer);
  const count = isDivisible(spec.scenario) ? context.segments : 1;
  if (count === 1) return [whole];
  const startsAt = Date.now() + SEGMENT_START_MS;
  return Array.from({ length: count }, (_, index) => ({
    ...whole,
    isFirst: whole.isFirst && index === 0,
    task: { ...whole.task, segment: { index, count, startsAt } },
  }));
}

/** Scenarios that depend on the order of single requests run in one process. */
function isDivisible(scenario: ScenarioName): boolean {
  return scenario === 'exceed-quota' || scenario === 'below-quota' || scenario in stressProfiles;
}

async function k6RunFor(context: LoadRunContext, spec: ScenarioSpec, tokenServer: string): Promise<K6Run> {
  const { baseUrl, managedClient, secondManagedClient, types, quota, permissions, principal } = context;
  const { binary, script, mask, env, signal } = context;
  const tokens = tokensFor(spec);
  const task: LoadTask = {
    ...taskDefaults,
    baseUrl,
    managedClient,
    types,
    ...quota,
    canWrite: permissions.allows('write'),
    principal,
    tokens,
    hasTokenServer: true,
    maxExhaustions: maxExhaustions(context.isRemote),
    ...(secondManagedClient !== undefined && { secondManagedClient }),
    ...spec,
  };
  const isFirst = spec.scenario === 'smoke' || (spec.scenario === 'identify' && spec.cycle === undefined);
  const secrets = { ...(await context.tokens(tokens)), tokenServer };
  return { binary, script, task, isFirst, mask, secrets, env, signal };
}

const tokenOfKey: Partial<Record<PartitionKey, TokenName>> = { client: 'other', token: 'second' };

/** The tokens that a scenario sends. k6 receives no others. */
function tokensFor({ scenario, partitionKeys = [] }: ScenarioSpec): readonly TokenName[] {
  return [
    'own',
    ...partitionKeys.flatMap((key) => tokenOfKey[key] ?? []),
    ...(scenario === 'unserved-cost' ? ['forged' as const] : []),
  ];
}
