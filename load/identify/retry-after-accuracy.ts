import { RECEDING_TOLERANCE_MS, RETRY_AFTER_ROUNDING_MS } from '../timing.ts';
import { announcedDelay } from '../scripts/limiter/experiments.ts';
import { isAllowed, isThrottled, type LimiterExchange } from '../scripts/trace.ts';
import type { Cycle } from './identify.ts';

/** How accurate the Retry-After headers of a limiter are. */
export interface RetryAfterAccuracy {
  readonly throttled: number;
  /** Throttled requests without a usable Retry-After. */
  readonly missing: number;
  /** Deadlines after which the request was allowed. */
  readonly metDeadlines: number;
  /** Deadlines after which the request was still throttled. */
  readonly missedDeadlines: number;
  /** The longest time by which a deadline was too late, in milliseconds; 0 if rounding explains it. */
  readonly lateByMs: number;
  /** Throttled requests move the deadline, so they are counted. */
  readonly isReceding: boolean;
}

/**
 * Compares announced deadlines with decisions. Uses the times of sending and receiving as bounds, so that the network cannot
 * cause a difference.
 */
export function evaluateRetryAfter(cycles: readonly Cycle[]): RetryAfterAccuracy {
  const ordered = cycles.map((cycle) => cycle.toSorted((a, b) => a.sentAt - b.sentAt));
  const throttled = ordered.flat().filter(isThrottled);
  const probes = ordered.flatMap(probesAfterDeadlines);
  return {
    throttled: throttled.length,
    missing: throttled.filter((one) => announcedDelay(one) === undefined).length,
    metDeadlines: probes.filter(isAllowed).length,
    missedDeadlines: probes.filter(isThrottled).length,
    lateByMs: Math.max(0, ...ordered.map(lateByMs)),
    isReceding: ordered.some(isReceding),
  };
}

interface Announcement {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly ms: number;
  readonly errorMs: number;
}

function announcementsOf(exchanges: readonly LimiterExchange[]): Announcement[] {
  return exchanges.flatMap((one) => {
    const delay = announcedDelay(one);
    return delay === undefined ? [] : [{ sentAt: one.sentAt, receivedAt: one.receivedAt, ...delay }];
  });
}

/** The probes that were sent when all announced deadlines had passed. */
function probesAfterDeadlines(cycle: Cycle): LimiterExchange[] {
  return cycle.filter((probe, index) => {
    const deadlines = activeAnnouncements(cycle.slice(0, index)).map(
      ({ receivedAt, ms, errorMs }) => receivedAt + ms + errorMs,
    );
    return probe.step === 'probe' && deadlines.length > 0 && probe.sentAt >= Math.max(...deadlines);
  });
}

/** The longest time until an announced deadline when a probe was allowed again. */
function lateByMs(cycle: Cycle): number {
  const index = cycle.findIndex(
    (one) => isAllowed(one) && (one.step === 'deadline-probe' || one.step === 'probe'),
  );
  const allowed = cycle[index];
  if (allowed === undefined) return 0;
  const remaining = activeAnnouncements(cycle.slice(0, index)).map(
    ({ sentAt, ms, errorMs }) => sentAt + ms - errorMs - allowed.receivedAt,
  );
  const longest = Math.max(0, ...remaining);
  return longest > RETRY_AFTER_ROUNDING_MS ? longest : 0;
}

/** The announcements since the last allowed request. */
function activeAnnouncements(exchanges: Cycle): Announcement[] {
  return announcementsOf(exchanges.slice(exchanges.findLastIndex(isAllowed) + 1));
}

/** Whether the deadline moved while probes were throttled. */
function isReceding(cycle: Cycle): boolean {
  const announcementsIn = (step: string): Announcement[] =>
    announcementsOf(cycle.filter((one) => one.step === step));
  const [first] = announcementsOf(cycle.filter(({ step }) => step !== 'probe'));
  if (first === undefined) return false;
  const earliest = Math.min(...announcementsIn('second-burst').map(({ receivedAt, ms }) => receivedAt + ms));
  return announcementsIn('deadline-probe').some(
    ({ sentAt, ms }) => sentAt > first.sentAt && sentAt + ms > earliest + RECEDING_TOLERANCE_MS,
  );
}
