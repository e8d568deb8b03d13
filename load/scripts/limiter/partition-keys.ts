import { VOLLEY_SIZE } from '../../timing.ts';
import { retryDelayOf } from '../requests/retry-delay.ts';
import { isAllowed, isThrottled, type LimiterExchange } from '../trace.ts';

/**
 * The attributes that a limiter may count by, with the documented result: OAuth clients and API versions have separate
 * quotas; requests that differ in another attribute share one (SailPoint documentation, rate limits).
 */
export const partitionKeys = {
  client: 'separate',
  version: 'separate',
  token: 'shared',
  operation: 'shared',
  'managed-client': 'shared',
  connection: 'shared',
  'forwarded-for': 'shared',
  path: 'shared',
} as const;

export type PartitionKey = keyof typeof partitionKeys;

export const partitionKeyNames = Object.keys(partitionKeys) as PartitionKey[];

/** A volley: requests that differ in one attribute, between two control requests. */
export interface Volley {
  /** Whether the quota was exhausted all the time. */
  readonly isValid: boolean;
  readonly allowed: number;
  readonly throttled: number;
}

/** From this share of allowed requests on, the quota is separate; up to the other share it is shared. */
const MIN_SEPARATE = 0.75;
const MAX_SHARED = 0.4;

/** A limiter that announces at least this wait stays exhausted for a second, which is longer than most volleys. */
const MIN_LASTING_MS = 2000;

/**
 * Evaluates a volley. For the key `connection` only requests over new connections count. They close the previous
 * connections, so the control request afterwards shows nothing. Instead, the quota must have been exhausted for long
 * enough according to the control request before, unless most requests were throttled.
 */
export function evaluateVolley(
  key: PartitionKey,
  requests: readonly LimiterExchange[],
  [before, after]: readonly [LimiterExchange | undefined, LimiterExchange | undefined],
): Volley {
  const isConnection = key === 'connection';
  const counted = isConnection ? requests.filter((one) => one.isNewConnection === true) : requests;
  const allowed = counted.filter(isAllowed).length;
  const isMostlyThrottled = allowed <= MAX_SHARED * counted.length;
  const announcedMs = before && retryDelayOf(before)?.ms;
  const isLasting = (announcedMs ?? MIN_LASTING_MS) >= MIN_LASTING_MS || isMostlyThrottled;
  const wasExhausted = before !== undefined && isThrottled(before);
  const isStillExhausted = isConnection ? isLasting : after !== undefined && isThrottled(after);
  return {
    isValid: wasExhausted && isStillExhausted,
    allowed,
    throttled: counted.filter(isThrottled).length,
  };
}

/** The result of a volley, undefined if it shows nothing. */
export function resultOf({
  isValid,
  allowed,
  throttled,
}: Volley): 'separate' | 'shared' | 'mixed' | undefined {
  const decided = allowed + throttled;
  // Other responses may come from before or after the limiter.
  if (!isValid || decided < VOLLEY_SIZE / 2) return undefined;
  const share = allowed / decided;
  if (share >= MIN_SEPARATE) return 'separate';
  return share <= MAX_SHARED ? 'shared' : 'mixed';
}

/** The steps of a trace: the volley of a key, its control requests, and requests that exhausted the quota again. */
export const volleyStep = (key: PartitionKey): string => `key ${key}`;
export const controlStep = (key: PartitionKey): string => `control ${key}`;
export const exhaustStep = (key: PartitionKey): string => `exhaust ${key}`;
/** The step of requests that close connections. */
export const CLOSE_STEP = 'close connections';

/** The step of a request that differs in a key, sent before the quota is exhausted. */
export const routeStep = (key: PartitionKey): string => `route ${key}`;

const VOLLEY_STEP = /^(key|route) /;
const OTHER_QUOTAS: readonly string[] = [volleyStep('client'), volleyStep('version'), routeStep('version')];

/** Whether a request differs in a key. Such requests may be answered with other statuses. */
export function isInVolley({ step }: Pick<LimiterExchange, 'step'>): boolean {
  return VOLLEY_STEP.test(step);
}

/** Whether a request counts for the quota of the load, as documented. */
export function countsForQuota({ step }: Pick<LimiterExchange, 'step'>): boolean {
  return !OTHER_QUOTAS.includes(step);
}
