import { setTimeout as wait } from 'node:timers/promises';

import { inconclusiveBecause } from '../../core/index.ts';
import { judgeReceding } from '../analysis/limiter/receding.ts';
import { judgeRecovery, probeTimes } from '../analysis/limiter/recovery.ts';
import { activeRejections, latestDeadline, retryDeadlineOf } from '../analysis/limiter/retry-deadline.ts';
import {
  countBurst,
  isAboveLimit,
  isBelowLimit,
  isBucket,
  judgeThreshold,
} from '../analysis/limiter/threshold.ts';
import { judgeThrottledWrites } from '../analysis/limiter/throttled-writes.ts';
import type { LoadRunContext } from '../context.ts';
import { conclusion, skipped } from '../runner/outcomes.ts';
import { runScenario } from '../runner/run-scenario.ts';
import type { PartitionKey } from '../scripts/limiter/partition-keys.ts';
import { isAllowed, isThrottled, type LoadExchange } from '../scripts/trace.ts';
import {
  MAX_COUNTDOWN_REQUESTS,
  MAX_RECOVERY_REQUESTS,
  SECOND_BURST_OFFSET,
  secondRestMs,
} from '../timing.ts';
import { reportEscalation } from './escalation.ts';

/** Requests after a burst: the countdown, the recovery, and reads of what was stored. */
export const AFTER_BURST_REQUESTS = MAX_COUNTDOWN_REQUESTS + MAX_RECOVERY_REQUESTS;

/** The start of a second burst: the service recovered when a window started. */
export function secondStart(
  recoveredAt: number | undefined,
  { quota }: Pick<LoadRunContext, 'quota'>,
): { readonly startsAt?: number } {
  if (recoveredAt === undefined) return {};
  return { startsAt: recoveredAt + SECOND_BURST_OFFSET * quota.windowMs };
}

/** The time of the recovery in milliseconds since the epoch. */
export function recoveryTime(probes: readonly LoadExchange[]): number | undefined {
  return probes.find(isAllowed)?.receivedAt;
}

export interface BurstResult {
  readonly exchanges: readonly LoadExchange[];
  readonly burst: readonly LoadExchange[];
  /** The announced deadline of a window passed before a probe could test it. */
  readonly isUntested: boolean;
  readonly recoveredAt: number | undefined;
  /** A remote limiter blocks for longer than any window. */
  readonly isEscalated: boolean;
}

interface ExceedOptions {
  /** The name of the check of the threshold. */
  readonly name: string;
  readonly partitionKeys: readonly PartitionKey[];
  /** Requests shortly before the burst. */
  readonly before: readonly LoadExchange[];
}

/**
 * Exceeds the quota by a burst and waits for the recovery. Repeats this if the first burst was throttled too early or too
 * late, or if its deadline could not be tested.
 */
export async function exceedQuota(context: LoadRunContext, options: ExceedOptions): Promise<BurstResult> {
  const { quota, signal, emit, isRemote, restBetweenMs } = context;
  const { name, partitionKeys, before } = options;
  const first = await burstAndRecover(context, partitionKeys);
  const shown = [...before, ...first.burst];
  const count = countBurst(shown, quota);
  const isLow = isBelowLimit(count, quota);
  if (first.isEscalated && isLow) {
    // Other traffic may have used the quota, which only a second burst shows.
    const results = [inconclusiveBecause('load.pacing', { why: 'a low threshold was not confirmed' })];
    emit(conclusion(name, 'exceed-quota', { results, measured: {} }));
    return first;
  }
  const needsSecond = count.isThrottled && (isLow || isAboveLimit(count, quota) || first.isUntested);
  if (!needsSecond || first.isEscalated) {
    emit(conclusion(name, 'exceed-quota', judgeThreshold(shown, undefined, quota)));
    return first;
  }
  await wait(secondRestMs(quota.windowMs, isRemote, restBetweenMs), undefined, { signal });
  const second = await burstAndRecover(context, [], secondStart(first.recoveredAt, context));
  emit(conclusion(name, 'exceed-quota', judgeThreshold(shown, second.burst, quota)));
  // A window that ended during the first burst allowed more than the quota.
  const isSmaller = countBurst(second.burst, quota).allowed < count.allowed;
  return {
    ...second,
    exchanges: [...first.exchanges, ...second.exchanges],
    burst: isSmaller ? second.burst : first.burst,
  };
}

async function burstAndRecover(
  context: LoadRunContext,
  partitionKeys: readonly PartitionKey[],
  start: ReturnType<typeof secondStart> = {},
): Promise<BurstResult> {
  const { quota, emit } = context;
  const exchanges = await runScenario(context, { scenario: 'exceed-quota', partitionKeys, ...start });
  const burst = exchanges.filter(({ step }) => step === 'exceed-quota');
  const result = { exchanges, burst, isEscalated: false, isUntested: false, recoveredAt: undefined };
  if (!burst.some(isThrottled)) return result;
  if (reportEscalation(context, exchanges)) return { ...result, isEscalated: true };
  const probesAt = probeTimes(exchanges, context);
  const probes = await runScenario(context, { scenario: 'recovery', probesAt });
  emit(conclusion('recovery', 'recovery', judgeRecovery(exchanges, probes, quota)));
  judgeExhaustion(context, partitionKeys, exchanges, probes);
  const isWindow = exchanges.some((one) => retryDeadlineOf(one) !== undefined && !isBucket(one, quota));
  const isUntested = isWindow && latestDeadline(activeRejections(exchanges)) === undefined;
  const isEscalated = reportEscalation(context, probes);
  return { ...result, isUntested, isEscalated, recoveredAt: recoveryTime(probes) };
}

/** Emits the outcomes that need many requests while the quota is exhausted. */
function judgeExhaustion(
  { quota, emit }: LoadRunContext,
  partitionKeys: readonly PartitionKey[],
  exchanges: readonly LoadExchange[],
  probes: readonly LoadExchange[],
): void {
  if (partitionKeys.length === 0) return;
  emit(conclusion('Retry-After counts down', 'recovery', judgeReceding(exchanges, quota)));
  if (!partitionKeys.includes('operation')) return;
  const judged = judgeThrottledWrites([...exchanges, ...probes]);
  emit(
    judged.measured['throttledWrites'] === 0
      ? skipped('throttled writes', 'recovery', 'nothing-throttled')
      : conclusion('throttled writes', 'recovery', judged),
  );
}
