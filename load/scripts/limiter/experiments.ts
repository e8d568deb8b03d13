import type { Quota } from '../../../core/index.ts';
import {
  deadlineProbeStepMs,
  IDENTIFY_BURST_INTERVAL_MS,
  IDENTIFY_EDGE_INTERVAL_MS,
  edgeOf,
  FOLLOW_UP_REQUESTS,
  MAX_BURST_QUOTAS,
  MAX_IDENTIFY_WAIT_MS,
  MAX_RECOVERY_WINDOWS,
  POLLS_PER_WINDOW,
  WAIT_MARGIN_MS,
  RECEDING_TOLERANCE_MS,
} from '../../timing.ts';
import { retryDelayOf, type RetryDelay } from '../requests/retry-delay.ts';
import { isAllowed, isThrottled, type LimiterExchange } from '../trace.ts';

/** The step of a request in an experiment. */
export type ExperimentStep =
  'burst' | 'follow-up' | 'probe' | 'refill' | 'fill' | 'second-burst' | 'deadline-probe';

/** A clock and a target, real or simulated. Times are milliseconds. */
export interface ExperimentTarget {
  now(): number;
  waitUntil(time: number): Promise<void>;
  send(step: ExperimentStep): Promise<LimiterExchange>;
}

const WITHOUT_EDGE = [0, 0] as const;

/** The wait that a throttled request announces; undefined if it is unusable. */
export function announcedDelay(exchange: LimiterExchange): RetryDelay | undefined {
  const delay = isThrottled(exchange) ? retryDelayOf(exchange) : undefined;
  return delay !== undefined && delay.ms >= 0 ? delay : undefined;
}

/** The earliest deadline that a throttled request announces; Infinity if it announces none. */
function deadlineOf(exchange: LimiterExchange): number {
  const delay = announcedDelay(exchange);
  return delay === undefined ? Infinity : exchange.receivedAt + delay.ms;
}

interface BurstOptions {
  readonly max: number;
  /** The requests around the limit, which are slower. */
  readonly edge: readonly [number, number];
  /** The number of requests after the first 429. */
  readonly afterThrottled?: number;
}

/** Sends the requests of an experiment. */
class Prober {
  readonly #target: ExperimentTarget;
  readonly #quota: Quota;

  constructor(target: ExperimentTarget, quota: Quota) {
    this.#target = target;
    this.#quota = quota;
  }

  /** Sends each request at its time, whatever happened to the previous ones, until a 429 was received. */
  async burst(
    step: ExperimentStep,
    { max, edge, afterThrottled = 0 }: BurstOptions,
  ): Promise<LimiterExchange[]> {
    const pending: Promise<LimiterExchange>[] = [];
    let throttledAt: number | undefined;
    let time = this.#target.now();
    for (let sent = 0; sent < max; sent++) {
      await this.#target.waitUntil(time);
      if (throttledAt !== undefined && sent >= throttledAt + afterThrottled) break;
      pending.push(
        this.#target.send(step).then((exchange) => {
          if (!isAllowed(exchange)) throttledAt ??= pending.length;
          return exchange;
        }),
      );
      const isAtEdge = sent >= edge[0] && sent < edge[1];
      time += isAtEdge ? IDENTIFY_EDGE_INTERVAL_MS : IDENTIFY_BURST_INTERVAL_MS;
    }
    return Promise.all(pending);
  }

  async sequence(step: ExperimentStep, count: number): Promise<LimiterExchange[]> {
    const exchanges: LimiterExchange[] = [];
    for (let sent = 0; sent < count; sent++) exchanges.push(await this.#target.send(step));
    return exchanges;
  }

  /** Sends nothing until all announced deadlines have passed, then one probe. */
  async probeAfter(exchanges: readonly LimiterExchange[]): Promise<LimiterExchange> {
    const deadlines = exchanges
      .filter((one) => !isAllowed(one))
      .map((one) => {
        const { ms = this.#quota.windowMs } = announcedDelay(one) ?? {};
        const { errorMs = 0 } = isThrottled(one) ? (retryDelayOf(one) ?? {}) : {};
        return one.receivedAt + Math.min(ms, MAX_IDENTIFY_WAIT_MS) + errorMs;
      });
    await this.#target.waitUntil(Math.max(this.#target.now(), ...deadlines) + WAIT_MARGIN_MS);
    return this.#target.send('probe');
  }
}

/** The first cycle: a burst until it is throttled, silence as announced, a probe, and a small burst. */
export async function firstCycle(target: ExperimentTarget, expected: Quota): Promise<void> {
  const { limit, windowMs } = expected;
  const prober = new Prober(target, expected);
  const startedAt = target.now();
  const burst = await prober.burst('burst', { max: MAX_BURST_QUOTAS * limit, edge: edgeOf(limit) });
  if (burst.every(isAllowed)) return; // there is no limit
  const allowed = burst.filter(isAllowed).length;
  const followUps = await prober.sequence('follow-up', FOLLOW_UP_REQUESTS);
  let probe = await prober.probeAfter([...burst, ...followUps]);
  for (let retries = 0; retries < FOLLOW_UP_REQUESTS && !isAllowed(probe); retries++)
    probe = await prober.probeAfter([probe]);
  while (!isAllowed(probe) && target.now() < startedAt + MAX_RECOVERY_WINDOWS * windowMs) {
    await target.waitUntil(target.now() + windowMs / POLLS_PER_WINDOW);
    probe = await target.send('probe');
  }
  const max = Math.min(20, Math.max(2, Math.round(allowed / 5)));
  const refill = await prober.burst('refill', { max, edge: WITHOUT_EDGE });
  if (!refill.every(isAllowed)) await prober.probeAfter(refill);
}

/** The differences between cycles: how full the limiter is first, when the second burst comes, and the rest before. */
const VARIANTS = [
  { share: 0.5, gap: 0.5, rest: 1.35 },
  { share: 0.35, gap: 0.62, rest: 1.61 },
  { share: 0.6, gap: 0.4, rest: 1.83 },
] as const;

export const FURTHER_CYCLES = VARIANTS.length;

/** A request that is allowed this soon after the second burst uses a permit that a bucket refilled. */
const SOON_MS = 1200;

/**
 * A further cycle: two bursts in one window, dense probes around the deadline, and a burst into the recovered quota. The
 * rest before is not a whole number of windows, so that a window that starts with a request differs from an aligned one.
 * @param turn 0 to 2
 * @param previousEnd the end of the previous cycle
 */
export async function furtherCycle(
  target: ExperimentTarget,
  expected: Quota,
  turn: number,
  previousEnd: number,
): Promise<void> {
  const { share, gap, rest } = VARIANTS[turn] ?? VARIANTS[0];
  const { limit, windowMs } = expected;
  const prober = new Prober(target, expected);
  await target.waitUntil(previousEnd + rest * windowMs);
  const startedAt = target.now();
  const filled = Math.round(share * limit);
  await prober.burst('fill', { max: filled, edge: WITHOUT_EDGE });
  await target.waitUntil(startedAt + gap * windowMs);
  // Requests after the first 429 reveal whether rejections are counted.
  const afterThrottled = Math.round(0.3 * limit);
  const room = limit - filled;
  const secondBurst = await prober.burst('second-burst', {
    max: 2 * limit + afterThrottled,
    edge: [room - 0.2 * limit, room + 0.2 * limit],
    afterThrottled,
  });
  const followUps = await prober.sequence('follow-up', FOLLOW_UP_REQUESTS);
  const burstEnd = target.now();
  const recovered = await probeAroundDeadline(target, [...secondBurst, ...followUps], {
    startedAt,
    windowMs,
    burstEnd,
  });
  const refillOptions = { max: Math.round(0.6 * limit), edge: WITHOUT_EDGE };
  if (recovered === undefined) {
    const probe = await prober.probeAfter(followUps);
    if (isAllowed(probe)) await prober.burst('refill', refillOptions);
    return;
  }
  if (recovered.receivedAt - burstEnd < SOON_MS) await target.waitUntil(target.now() + 0.2 * windowMs);
  const refill = await prober.burst('refill', refillOptions);
  if (!refill.every(isAllowed)) await prober.probeAfter(refill);
}

interface DeadlineProbeTimes {
  readonly startedAt: number;
  readonly windowMs: number;
  readonly burstEnd: number;
}

const MAX_EARLY_ALLOWED = 3;

/**
 * Sends probes until one is allowed: few while the deadline is far away, many around it.
 * @returns undefined if none was allowed
 */
async function probeAroundDeadline(
  target: ExperimentTarget,
  burst: readonly LimiterExchange[],
  { startedAt, windowMs, burstEnd }: DeadlineProbeTimes,
): Promise<LimiterExchange | undefined> {
  const first = Math.min(...burst.filter((one) => !isAllowed(one)).map(deadlineOf));
  let deadline = first;
  let isReceding = false;
  let firstAllowed: LimiterExchange | undefined;
  let allowed = 0;
  while (target.now() <= (isReceding ? burstEnd + 1.3 * windowMs : startedAt + 2 * windowMs)) {
    await target.waitUntil(nextProbeTime(target.now(), deadline, isReceding, windowMs));
    const exchange = await target.send('deadline-probe');
    if (isAllowed(exchange)) {
      allowed += 1;
      firstAllowed ??= exchange;
      const isLate = firstAllowed.receivedAt - burstEnd >= SOON_MS;
      if (isLate || allowed >= MAX_EARLY_ALLOWED) return firstAllowed;
      continue;
    }
    deadline = Math.min(deadline, deadlineOf(exchange));
    isReceding ||= exchange.sentAt + (announcedDelay(exchange)?.ms ?? 0) > first + RECEDING_TOLERANCE_MS;
  }
  return firstAllowed;
}

/** With a receding deadline every probe moves it, so probes are rare. */
function nextProbeTime(now: number, deadline: number, isReceding: boolean, windowMs: number): number {
  if (isReceding) return now + windowMs / 5;
  const near = deadline - 1100;
  if (now >= near && now <= deadline + 500) return now + 100;
  const step = deadlineProbeStepMs(windowMs);
  return now < near ? Math.min(now + step, near) : now + step;
}
