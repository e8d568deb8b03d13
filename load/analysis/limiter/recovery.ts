import {
  formatQuota,
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Quota,
} from '../../../core/index.ts';
import { countsForQuota } from '../../scripts/limiter/partition-keys.ts';
import { isAllowed, isThrottled, READ_BACK, type LoadExchange } from '../../scripts/trace.ts';
import {
  MAX_WAIT_WINDOWS,
  WAIT_MARGIN_MS,
  COUNTDOWN_TOLERANCE_MS,
  EARLY_PROBE_MARGIN_MS,
  RETRY_AFTER_ROUNDING_MS,
} from '../../timing.ts';
import type { Measurement } from '../measurement.ts';
import { activeRejections, latestDeadline, retryDeadlinesOf } from './retry-deadline.ts';

interface LimiterContext {
  readonly quota: Quota;
  readonly isRemote: boolean;
}

/**
 * Plans the probes after a burst. The last one comes at the latest deadline, or after `MAX_WAIT_WINDOWS`. If the deadline is
 * longer than the documented window, an early probe tests whether the limiter recovers before it announces. Because
 * rejections may count, the early probe comes a window after the last request; if that is later than the deadline,
 * a window after the last allowed request. For a remote target the latter is done only if Retry-After counts down,
 * which means that rejections most likely do not count.
 * @returns times in milliseconds since the epoch, in ascending order
 */
export function probeTimes(burst: readonly LoadExchange[], { quota, isRemote }: LimiterContext): number[] {
  const { windowMs } = quota;
  const last = Math.max(...burst.filter(countsForQuota).map(({ receivedAt }) => receivedAt));
  const deadline = latestDeadline(activeRejections(burst));
  const longest = last + MAX_WAIT_WINDOWS * windowMs;
  const until = Math.min(deadline?.until ?? last + windowMs, longest) + WAIT_MARGIN_MS;
  const canProbeEarly = !isRemote || countsDown(burst);
  const early = [
    certainRecovery(burst, quota) + RETRY_AFTER_ROUNDING_MS,
    ...(canProbeEarly ? [likelyRecovery(burst, windowMs)] : []),
  ]
    .map((time) => time + EARLY_PROBE_MARGIN_MS)
    .find((time) => until > time + RETRY_AFTER_ROUNDING_MS);
  return early === undefined ? [until] : [early, until];
}

/**
 * Judges whether Retry-After of a burst was correct. No model of the limiter is needed, because nothing was sent in between
 * except probes, which announce a new deadline if they are throttled.
 * @param burst the burst and all requests before the silence
 * @param probes the requests after the silence, in order
 */
export function judgeRecovery(
  burst: readonly LoadExchange[],
  probes: readonly LoadExchange[],
  quota: Quota,
): Measurement {
  const deadline = latestDeadline(activeRejections(burst));
  const own = probes.filter(({ step }) => step !== READ_BACK);
  const recovered = own.find(isAllowed);
  const last = own.at(-1);
  const measured = {
    announcedSeconds: deadline?.seconds ?? null,
    recoveredAfterSeconds: recovered === undefined ? null : seconds(recovered.receivedAt - startOf(burst)),
  };
  if (last === undefined) {
    return { results: [inconclusiveBecause('load.pacing', { why: 'no probe was sent' })], measured: {} };
  }
  if (recovered === undefined && !isThrottled(last)) {
    const why = `the probe was answered ${last.status}`;
    return { results: [inconclusiveBecause('load.pacing', { why })], measured };
  }
  if (recovered === undefined) {
    const waited = seconds(last.sentAt - startOf(burst));
    return {
      results: [violation('rate-limit.recovery.absent', { details: { waited } })],
      measured,
      exchange: own.find((one) => one.step === last.step && isThrottled(one)) ?? last,
    };
  }
  const results = [
    ...judgeEarly(burst, own),
    ...judgeLate(burst, recovered),
    ...judgeWindow(burst, probes, quota),
  ];
  return { results, measured, exchange: recovered };
}

/** A probe that was sent after every deadline and was throttled. */
function judgeEarly(burst: readonly LoadExchange[], probes: readonly LoadExchange[]): CheckResult[] {
  let rejections = activeRejections(burst);
  for (const probe of probes) {
    const deadline = latestDeadline(rejections);
    if (deadline !== undefined && isThrottled(probe) && probe.sentAt >= deadline.until) {
      return [violation('rate-limit.retry-after.early', { details: { announced: deadline.seconds } })];
    }
    rejections = isThrottled(probe) ? [...rejections, probe] : [];
  }
  return [];
}

/** A probe that was allowed long before a deadline. */
function judgeLate(burst: readonly LoadExchange[], recovered: LoadExchange): CheckResult[] {
  const deadlines = retryDeadlinesOf(activeRejections(burst));
  const slack = Math.max(...deadlines.map(({ from }) => from - recovered.receivedAt));
  if (slack <= RETRY_AFTER_ROUNDING_MS) return [];
  return [violation('rate-limit.retry-after.late', { details: { slack: seconds(slack) } })];
}

/**
 * The time at which every limiter with this window has forgotten the requests, including rejections: a window after the last
 * request, and one request interval for limiters that weight the previous window. If each rejection moves the deadline,
 * rejections count and are weighted in the next window as well.
 */
function certainRecovery(exchanges: readonly LoadExchange[], { limit, windowMs }: Quota): number {
  const last = Math.max(...exchanges.filter(countsForQuota).map(({ receivedAt }) => receivedAt));
  const deadlines = retryDeadlinesOf(activeRejections(exchanges));
  const first = Math.min(...deadlines.map(({ until }) => until));
  const isMoving = deadlines.some(({ from }) => from > first + RETRY_AFTER_ROUNDING_MS);
  return last + (isMoving ? 2 : 1) * windowMs + windowMs / limit;
}

/** The same if rejections do not count: a window after the last request that was not throttled. */
function likelyRecovery(exchanges: readonly LoadExchange[], windowMs: number): number {
  const others = exchanges.filter((one) => countsForQuota(one) && !isThrottled(one));
  const last = Math.max(...others.map(({ receivedAt }) => receivedAt));
  return others.length > 0 ? last + windowMs : Infinity;
}

function countsDown(exchanges: readonly LoadExchange[]): boolean {
  const deadlines = retryDeadlinesOf(activeRejections(exchanges));
  return deadlines.some((earlier) =>
    deadlines.some(
      (later) =>
        later.exchange.sentAt > earlier.exchange.receivedAt &&
        later.until < earlier.until - COUNTDOWN_TOLERANCE_MS,
    ),
  );
}

/** A probe that was throttled although every window was over: the real window is longer. */
function judgeWindow(
  burst: readonly LoadExchange[],
  probes: readonly LoadExchange[],
  quota: Quota,
): CheckResult[] {
  const early = probes.find((one) => one.step === 'early-probe' && isThrottled(one));
  if (early === undefined || early.sentAt < certainRecovery(burst, quota)) return [];
  const details = { accepted: 0, quota: formatQuota(quota), scenario: 'a window after the burst' };
  return [violation('rate-limit.threshold.low', { details })];
}

function startOf(exchanges: readonly LoadExchange[]): number {
  return Math.min(...exchanges.map(({ sentAt }) => sentAt));
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
