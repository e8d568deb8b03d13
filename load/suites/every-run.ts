import { setTimeout as wait } from 'node:timers/promises';

import { readableTypes } from '../../core/index.ts';
import type { Cost } from '../../core/client/index.ts';
import { judgeBelowQuota } from '../analysis/limiter/below-quota.ts';
import { judgeQuotaHeaders } from '../analysis/limiter/quota-headers.ts';
import type { LoadContext, LoadRunContext } from '../context.ts';
import { conclusion, generalConclusions, skipped } from '../runner/outcomes.ts';
import { runScenario } from '../runner/run-scenario.ts';
import {
  BELOW_QUOTA_WINDOWS,
  belowQuotaRequests,
  BURST_WINDOWS,
  MAX_BURST_QUOTAS,
  MAX_CLOSING_REQUESTS,
  MAX_EXHAUST_QUOTAS,
  maxExhaustions,
  secondRestMs,
  VOLLEY_CONFIRMATIONS,
  VOLLEY_SIZE,
} from '../timing.ts';
import { AFTER_BURST_REQUESTS, exceedQuota } from './exceed-and-recover.ts';
import { judgeKeys, testableKeys } from './partition-keys.ts';

/** A read of each type, a report, and a request to another API version. */
const SMOKE_REQUESTS = readableTypes.length + 2;
/** The volleys of a partition key with their control requests. */
const KEY_REQUESTS = VOLLEY_CONFIRMATIONS * (VOLLEY_SIZE + 2);

/** The maximum cost of the scenarios of every run. A correct target needs a third of it. */
export function estimateEveryRun(context: LoadContext): Cost {
  const { quota, permissions, restMs, isRemote, restBetweenMs } = context;
  const bursts = 2 * (MAX_BURST_QUOTAS * quota.limit + AFTER_BURST_REQUESTS);
  const keys = testableKeys(context);
  const exhaustions = maxExhaustions(isRemote);
  const writes = keys.includes('operation') ? (VOLLEY_CONFIRMATIONS + exhaustions) * VOLLEY_SIZE : 0;
  const keyRequests =
    keys.length * KEY_REQUESTS +
    exhaustions * (VOLLEY_SIZE + 2) +
    VOLLEY_CONFIRMATIONS * MAX_CLOSING_REQUESTS +
    Math.ceil(exhaustions * MAX_EXHAUST_QUOTAS * quota.limit);
  const below = belowQuotaRequests(quota, BELOW_QUOTA_WINDOWS) + 1;
  return {
    requests: SMOKE_REQUESTS + bursts + keyRequests + below,
    writes: permissions.allows('write') ? 1 + writes : 0,
    violations: 2 + exhaustions,
    durationMs:
      restMs +
      (BURST_WINDOWS + BELOW_QUOTA_WINDOWS) * quota.windowMs +
      secondRestMs(quota.windowMs, isRemote, restBetweenMs) +
      3000,
  };
}

/**
 * Runs a smoke test, a burst above the quota with tests of partition keys, the recovery, and load below the quota.
 * @returns whether the limiter has escalated
 */
export async function runEveryRun(context: LoadRunContext): Promise<{ readonly isEscalated: boolean }> {
  const { quota, signal, emit, restMs } = context;
  await wait(restMs, undefined, { signal });
  const partitionKeys = testableKeys(context);
  const smoke = await runScenario(context, { scenario: 'smoke', partitionKeys });
  const exceeded = await exceedQuota(context, { name: 'threshold', partitionKeys, before: smoke });
  judgeKeys([...smoke, ...exceeded.exchanges], context);
  const headers = judgeQuotaHeaders(exceeded.burst, quota);
  emit(
    typeof headers === 'string'
      ? skipped('rate limit headers', 'exceed-quota', headers)
      : conclusion('rate limit headers', 'exceed-quota', headers),
  );
  if (exceeded.isEscalated) return { isEscalated: true };
  await wait(quota.windowMs, undefined, { signal });
  const below = await runScenario(context, { scenario: 'below-quota' });
  const judged = judgeBelowQuota(below, quota, BELOW_QUOTA_WINDOWS);
  emit(conclusion('no 429 below the quota', 'below-quota', judged));
  generalConclusions('throughout', 'below-quota', [...smoke, ...exceeded.exchanges, ...below]).forEach(emit);
  return { isEscalated: false };
}
