// The rates, pauses, margins and limits of all load scenarios, and the request counts and durations derived from them. Runs
// in k6 and in Node. Times are milliseconds.
import type { Quota } from '../core/index.ts';

// Bursts above the quota

/** The largest number of requests of a burst, in quotas. Without a 429 until then there is no limit. */
export const MAX_BURST_QUOTAS = 3;

const BURST_RATE_PER_S = 150;
const EDGE_RATE_PER_S = 45;
/** The requests of a burst around the limit, in quotas. They are slower, so that the count at the first 429 is exact. */
const EDGE_ZONE = [0.8, 1.2] as const;

/** The time between requests of a burst. A burst ends well before a short window does. */
export function burstIntervalMs({ limit, windowMs }: Quota): number {
  return Math.min(1000 / BURST_RATE_PER_S, (0.15 * windowMs) / limit);
}

/** The time between requests of a burst around the limit. */
export function edgeIntervalMs({ limit, windowMs }: Quota): number {
  return Math.min(1000 / EDGE_RATE_PER_S, (0.75 * windowMs) / limit);
}

/** The same times for the experiments of `identify`, which need a known order of the requests for any quota. */
export const IDENTIFY_BURST_INTERVAL_MS = 1000 / BURST_RATE_PER_S;
export const IDENTIFY_EDGE_INTERVAL_MS = 1000 / EDGE_RATE_PER_S;

/** The first and the last request of a burst around the limit. */
export function edgeOf(limit: number): readonly [number, number] {
  return [EDGE_ZONE[0] * limit, EDGE_ZONE[1] * limit];
}

/** The largest number of requests that exhaust a known quota again, in quotas. */
export const MAX_EXHAUST_QUOTAS = 1.5;

/** The largest number of requests over a single connection, in quotas. */
export const MAX_SEQUENTIAL_QUOTAS = 1.2;

/** A second burst starts at this share of a window, so that no window ends during the burst. */
export const SECOND_BURST_OFFSET = 0.3;

// Waiting for a retry deadline

/**
 * The longest wait, in windows. Longer deadlines are probed early. A remote limiter that asks for more has escalated and
 * receives no further requests.
 */
export const MAX_WAIT_WINDOWS = 3;
/** Added to each wait, so that no request is sent before the deadline. */
export const WAIT_MARGIN_MS = 20;
/** Retry-After and HTTP dates are rounded to seconds. */
export const RETRY_AFTER_ROUNDING_MS = 1000;
/** A retry deadline that moves by more than this recedes: a second of rounding, and the duration of responses. */
export const RECEDING_TOLERANCE_MS = 1700;
/** Deadlines are announced in seconds, so a smaller difference means that Retry-After counts down. */
export const COUNTDOWN_TOLERANCE_MS = 500;
/** An early probe is sent this long after the time at which the limiter must have recovered. */
export const EARLY_PROBE_MARGIN_MS = 100;
/** The wait before a retry of a 429 without a usable Retry-After. After a burst the wait is a window instead. */
export const DEFAULT_RETRY_WAIT_MS = 1000;

/** The pause between two requests that observe how Retry-After counts down. Three pauses are longer than a second. */
export const COUNTDOWN_PAUSE_MS = 350;
export const MAX_COUNTDOWN_REQUESTS = 4;

// Identification

/** The models cover limits up to this. */
export const MAX_MODEL_LIMIT = 400;
/** The largest limit in --quota that `identify` accepts: a limiter may allow 1.5 times as many. */
export const MAX_IDENTIFIED_QUOTA = 250;

// Recovery

/** The number of waits as announced by the limiter, before polling starts. */
export const MAX_ANNOUNCED_WAITS = 6;
export const POLLS_PER_WINDOW = 4;
export const MAX_POLLED_WINDOWS = 6;
/** The time limit of k6 for a recovery, in windows: the deadline, announced waits of a window each, and polling. */
export const RECOVERY_TIMEOUT_WINDOWS = MAX_WAIT_WINDOWS + MAX_ANNOUNCED_WAITS + MAX_POLLED_WINDOWS + 1;
/** The windows until both bursts of a run have recovered: each takes a window and the longest wait. */
export const BURST_WINDOWS = 2 * (1 + MAX_WAIT_WINDOWS);
/** Reads of the stored status after the recovery. */
export const MAX_READ_BACKS = 3;

/** An early probe, the probe at the deadline, announced waits, polls and reads. */
export const MAX_RECOVERY_REQUESTS =
  2 + MAX_ANNOUNCED_WAITS + POLLS_PER_WINDOW * MAX_POLLED_WINDOWS + MAX_READ_BACKS;

// Load below the quota

export const BELOW_QUOTA_SHARE = 0.9;
export const BELOW_QUOTA_WINDOWS = 2.5;
/** Long enough to reveal a second limit over a longer time. */
export const SUSTAINED_WINDOWS = 7;

/** The number of requests below the quota in one window. */
export function belowQuotaRate(limit: number): number {
  return Math.max(1, Math.floor(limit * BELOW_QUOTA_SHARE));
}

export function belowQuotaRequests({ limit }: Quota, windows: number): number {
  return Math.floor(Math.floor(limit * BELOW_QUOTA_SHARE) * windows);
}

// Partition keys

/** Requests that differ in one attribute, while the quota is exhausted. */
export const VOLLEY_SIZE = 8;
export const VOLLEY_INTERVAL_MS = 12.5;
/** An undocumented result must occur in this number of volleys. */
export const VOLLEY_CONFIRMATIONS = 2;
/** Requests that close connections before a new one is opened. k6 keeps up to 60 idle connections. */
export const MAX_CLOSING_REQUESTS = 64;

/**
 * How often the quota may be exhausted again, for all partition keys together. A remote limiter could escalate, because
 * each time violates the quota.
 */
export function maxExhaustions(isRemote: boolean): number {
  return isRemote ? 0 : 5;
}

// Experiments of the nightly suite

/** Bursts in later windows. */
export const LATER_BURSTS = 2;

export function concurrentRequests(limit: number): number {
  return Math.ceil(1.2 * limit);
}

/** The starts of the bursts before and after the end of a window, in windows. */
export const WINDOW_EDGE = { before: 0.12, after: 0.03, burstShare: 0.65 } as const;

/** Requests of each burst around the end of a window. */
export function windowEdgeRequests(limit: number): number {
  return Math.ceil(1.3 * limit);
}

/** Requests for an unknown managed client. Their number differs from that of forged tokens, so that counts are distinct. */
export function notFoundRequests(limit: number): number {
  return Math.ceil(0.1 * limit);
}

export function forgedRequests(limit: number): number {
  return Math.ceil(0.3 * limit);
}

/** The rising rate of the breakpoint scenario: from and to in quotas per window. */
export const RISING_RATE = { from: 0.2, to: 3, windows: 6 } as const;

export function maxRisingRequests(limit: number): number {
  const { from, to, windows } = RISING_RATE;
  return Math.ceil(((from + to) / 2) * windows * limit) + 1;
}

// Users of a service above the quota

export const USER_WINDOWS = 3;
export const USERS_PER_KIND = 4;
/** The demand of all users of one kind, in quotas. */
const USER_DEMAND = 3;

export function impatientPauseMs({ limit, windowMs }: Quota): number {
  return (USERS_PER_KIND * windowMs) / (USER_DEMAND * limit);
}

export function maxUserRequests(limit: number): number {
  return USER_DEMAND * USER_WINDOWS * limit;
}

/** Windows that both kinds of users violate. */
export const USER_VIOLATIONS = 2 * USER_WINDOWS;

// Identification of a limiter

/** Requests that follow a burst immediately. */
export const FOLLOW_UP_REQUESTS = 6;
/** The largest limit and window to examine, compared with the documented ones. Larger ones would exceed the consent. */
export const MAX_IDENTIFIED_FACTOR = 1.5;
/** The longest wait for a retry deadline. */
export const MAX_IDENTIFY_WAIT_MS = 30_000;
/** The longest time until the first recovery, in windows. */
export const MAX_RECOVERY_WINDOWS = 6;
export const IDENTIFY_FIRST_WINDOWS = 2;
export const IDENTIFY_FURTHER_WINDOWS = 4;
/** The largest number of requests of the first cycle besides its burst. */
export const MAX_FIRST_PROBES = 60;
/** The largest number of requests of the bursts of a further cycle, in limits. */
export const MAX_FURTHER_QUOTAS = 3.5;

/** The time between probes of the retry deadline while it is far away. */
export function deadlineProbeStepMs(windowMs: number): number {
  return 500 * Math.min(1, windowMs / 10_000);
}

/** The probes of a further cycle: two windows of sparse probes, and the dense ones around the deadline. */
export function maxDeadlineProbes(windowMs: number): number {
  return Math.ceil((2 * windowMs) / deadlineProbeStepMs(windowMs)) + 20 + FOLLOW_UP_REQUESTS;
}

// Rests between bursts

/** A remote limiter may block for a minute after three violated intervals in two minutes. */
export const REMOTE_REST_MS = 130_000;

/** After two windows every kind of limiter has forgotten earlier requests. */
export function forgottenAfterMs(windowMs: number): number {
  return 2 * windowMs;
}

/** The rest between the recovery from one burst and a second burst: whole windows, so that they start at the same time. */
export function secondRestMs(windowMs: number, isRemote: boolean, restBetweenMs: number): number {
  return (isRemote ? Math.ceil(restBetweenMs / windowMs) : 1) * windowMs;
}

// k6 processes

export const REQUEST_TIMEOUT = '10s';
/** k6 normally reads the script in 0.2 s. For syntax that its parser does not support it recurses endlessly. */
export const INSPECT_TIMEOUT_MS = 20_000;
/** The time until several k6 processes start together. */
export const SEGMENT_START_MS = 2000;
/** The longest response for which an arrival rate has enough virtual users. */
const MAX_RESPONSE_MS = 2000;
/** The pause before the token is requested again. */
export const TOKEN_RETRY_MS = 1000;

/** The number of virtual users for an arrival rate. */
export function usersFor(requestsPerMs: number): number {
  return Math.ceil(Math.max(20, requestsPerMs * MAX_RESPONSE_MS));
}

/** The time after which k6 interrupts a scenario of a single user, in seconds. */
export function scenarioTimeoutS(windows: number, windowMs: number, seconds = 90): number {
  return seconds + (windows * windowMs) / 1000;
}
