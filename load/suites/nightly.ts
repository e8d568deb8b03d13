import { setTimeout as wait } from 'node:timers/promises';

import type { Quota } from '../../core/index.ts';
import type { Cost } from '../../core/client/index.ts';
import { judgeBelowQuota } from '../analysis/limiter/below-quota.ts';
import {
  hasEnoughRequests,
  isOvercommitted,
  isWindowEdgeTested,
  judgeConcurrentBurst,
  judgeWindowEdge,
} from '../analysis/limiter/concurrent-burst.ts';
import { probeTimes } from '../analysis/limiter/recovery.ts';
import { countBurst, type BurstCount } from '../analysis/limiter/threshold.ts';
import { evaluateUnserved, judgeUnserved, needsRepetition } from '../analysis/limiter/unserved-cost.ts';
import type { LoadRunContext } from '../context.ts';
import { conclusion, generalConclusions, skipped } from '../runner/outcomes.ts';
import { runScenario } from '../runner/run-scenario.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import {
  belowQuotaRequests,
  concurrentRequests,
  forgedRequests,
  LATER_BURSTS,
  MAX_BURST_QUOTAS,
  notFoundRequests,
  secondRestMs,
  SUSTAINED_WINDOWS,
  windowEdgeRequests,
} from '../timing.ts';
import { escalationSeconds, reportEscalation } from './escalation.ts';
import { AFTER_BURST_REQUESTS, exceedQuota, recoveryTime, secondStart } from './exceed-and-recover.ts';
import { rest } from './rest.ts';

/** The maximum cost of the nightly experiments. Each may be repeated, because an undocumented result must occur twice. */
export function estimateNightly(quota: Quota, restBetweenMs: number): Cost {
  const { limit, windowMs } = quota;
  const burst = MAX_BURST_QUOTAS * limit;
  const unserved = notFoundRequests(limit) + forgedRequests(limit) + burst;
  const repeated =
    LATER_BURSTS * (burst + AFTER_BURST_REQUESTS) +
    concurrentRequests(limit) +
    unserved +
    2 * windowEdgeRequests(limit);
  return {
    requests: 2 * repeated + AFTER_BURST_REQUESTS + belowQuotaRequests(quota, SUSTAINED_WINDOWS) + 1,
    writes: 0,
    violations: 2 * (LATER_BURSTS + 3),
    durationMs: (2 * LATER_BURSTS + 6) * (restBetweenMs + windowMs) + SUSTAINED_WINDOWS * windowMs,
  };
}

/**
 * Runs the experiments that take too long for every run: bursts in later windows, concurrent requests, both sides of the
 * end of a window, the cost of unserved requests, and sustained load below the quota.
 */
export async function runNightly(context: LoadRunContext): Promise<{ readonly isEscalated: boolean }> {
  const { exchanges, isEscalated } = await runExperiments(context);
  // Requests with a forged token or an unknown id are not expected to be accepted.
  const served = exchanges.filter(({ step }) => step !== 'unserved');
  generalConclusions('in the nightly experiments', 'below-quota', served).forEach(context.emit);
  return { isEscalated };
}

interface ExperimentsResult {
  readonly exchanges: readonly LoadExchange[];
  readonly isEscalated: boolean;
}

async function runExperiments(context: LoadRunContext): Promise<ExperimentsResult> {
  const { quota } = context;
  const exchanges: LoadExchange[] = [];
  let lastBurst: readonly LoadExchange[] = [];
  for (let turn = 0; turn < LATER_BURSTS; turn++) {
    await rest(context);
    const name = 'threshold of a later window';
    const exceeded = await exceedQuota(context, { name, partitionKeys: [], before: [] });
    exchanges.push(...exceeded.exchanges);
    if (exceeded.isEscalated) return { exchanges, isEscalated: true };
    lastBurst = exceeded.burst;
  }
  const usual = countBurst(lastBurst, quota);
  for (const experiment of [runConcurrentBurst, runWindowEdge, runUnservedCost, runSustainedLoad]) {
    await rest(context);
    const sent = await experiment(context, usual);
    exchanges.push(...sent);
    if (reportEscalation(context, sent)) return { exchanges, isEscalated: true };
  }
  return { exchanges, isEscalated: false };
}

/** @param usual the count of a burst without special conditions */
type Experiment = (context: LoadRunContext, usual: BurstCount) => Promise<readonly LoadExchange[]>;

const runConcurrentBurst: Experiment = async (context, { rejection }) => {
  const { quota, emit } = context;
  const name = 'concurrent requests';
  const bursts = [await runScenario(context, { scenario: 'concurrent-burst' })];
  const isAbove = bursts.every((burst) => isOvercommitted(burst, quota, rejection));
  if (isAbove && escalationSeconds(context, bursts.flat()) === undefined) {
    await rest(context);
    bursts.push(await runScenario(context, { scenario: 'concurrent-burst' }));
  }
  emit(
    bursts.some((burst) => hasEnoughRequests(burst, quota, rejection))
      ? conclusion(name, 'concurrent-burst', judgeConcurrentBurst(bursts, quota, rejection))
      : skipped(name, 'concurrent-burst', 'refills-during-burst'),
  );
  return bursts.flat();
};

/** Repeated once if the responses came too late to show the end of the window. */
const runWindowEdge: Experiment = async (context) => {
  const { quota, emit } = context;
  const tries = [await runScenario(context, { scenario: 'window-edge' })];
  const isLate = tries.every((exchanges) => !isWindowEdgeTested(exchanges, quota));
  if (isLate && escalationSeconds(context, tries.flat()) === undefined) {
    await wait(Math.max(context.restBetweenMs, quota.windowMs), undefined, { signal: context.signal });
    tries.push(await runScenario(context, { scenario: 'window-edge' }));
  }
  emit(conclusion('edge of a window', 'window-edge', judgeWindowEdge(tries, quota)));
  return tries.flat();
};

/** Repeated at the start of a window if forged tokens seem to count or the limiter seems to be reset. */
const runUnservedCost: Experiment = async (context, usual) => {
  const { quota, signal, emit, isRemote, restBetweenMs } = context;
  const exchanges = await runScenario(context, { scenario: 'unserved-cost' });
  const results = [evaluateUnserved(exchanges, usual, quota)];
  if (results.every(needsRepetition) && escalationSeconds(context, exchanges) === undefined) {
    const probesAt = probeTimes(exchanges, context);
    const probes = await runScenario(context, { scenario: 'recovery', probesAt });
    await wait(secondRestMs(quota.windowMs, isRemote, restBetweenMs), undefined, { signal });
    const start = secondStart(recoveryTime(probes), context);
    const repeated = await runScenario(context, { scenario: 'unserved-cost', ...start });
    results.push(evaluateUnserved(repeated, usual, quota));
    exchanges.push(...probes, ...repeated);
  }
  const name = 'cost of unserved requests';
  const judged = judgeUnserved(results, quota);
  emit(
    judged.measured['forgedCounts'] === null && judged.results.length === 0
      ? skipped(name, 'unserved-cost', 'ambiguous-counts')
      : conclusion(name, 'unserved-cost', judged),
  );
  return exchanges;
};

const runSustainedLoad: Experiment = async (context) => {
  const windows = SUSTAINED_WINDOWS;
  const exchanges = await runScenario(context, { scenario: 'below-quota', windows });
  const judged = judgeBelowQuota(exchanges, context.quota, windows);
  context.emit(conclusion('no 429 in sustained load below the quota', 'below-quota', judged));
  return exchanges;
};
