import type { Emit } from '../core/index.ts';
import type { Cost } from '../core/client/index.ts';
import type { LoadContext, LoadReplay } from './context.ts';
import { estimateEveryRun, runEveryRun } from './suites/every-run.ts';
import { estimateNightly, runNightly } from './suites/nightly.ts';
import { estimateStress, runStress } from './suites/stress.ts';

/** Estimates the maximum cost of a run. */
export function plan(context: LoadContext): Cost {
  const parts = [estimateEveryRun(context)];
  if (context.suite === 'nightly') {
    parts.push(estimateNightly(context.quota, context.restBetweenMs), estimateStress(context));
  }
  const sum = (pick: (part: Cost) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  return {
    requests: sum(({ requests }) => requests),
    writes: sum(({ writes }) => writes),
    violations: sum(({ violations }) => violations),
    durationMs: sum(({ durationMs }) => durationMs),
  };
}

/**
 * Runs the load suites.
 * @throws {K6Error | BudgetSpentError} k6 cannot be stopped at a request, so the whole plan must be within the budget
 */
export async function run(context: LoadContext, emit: Emit<LoadReplay>): Promise<void> {
  context.permissions.require('load');
  const { requests, durationMs } = plan(context);
  context.budget.take(requests, durationMs);
  const runContext = { ...context, emit };
  const { isEscalated } = await runEveryRun(runContext);
  if (isEscalated || context.suite !== 'nightly') return;
  const nightly = await runNightly(runContext);
  if (!nightly.isEscalated) await runStress(runContext);
}

export type { LoadContext, LoadReplay } from './context.ts';
export { concludeFrom, type Conclusion, type LimiterTrace } from './identify/conclude.ts';
export { traitsOf, type LimiterFamily } from './identify/families.ts';
export { evaluateRetryAfter } from './identify/retry-after-accuracy.ts';
export type { Cycle, RankedFamily } from './identify/identify.ts';
export { estimateIdentify, identifyLimiter } from './identify/run-cycles.ts';
export { findK6, K6MissingError, resolveK6, type K6Lookup, type K6Options } from './k6-binary/index.ts';
export { nameOf, type ClusterLoad } from './kubernetes/cluster-load.ts';
export { judgeCluster, LogsError, mergeLogs } from './kubernetes/judge-logs.ts';
export { manifestsOf, TOKEN_SECRET } from './kubernetes/test-run.ts';
export { K6Error } from './runner/run-scenario.ts';
export type { TokenName } from './scripts/load-task.ts';
export { stressNames, type StressName } from './scripts/stress-profiles.ts';
export type { LimiterExchange, LoadExchange } from './scripts/trace.ts';
export { estimateProfile } from './suites/stress.ts';
export { forgottenAfterMs, REMOTE_REST_MS } from './timing.ts';
export { MAX_IDENTIFIED_QUOTA } from './timing.ts';
