import { violation, type Code, type Quota, type SkipReason } from '../../../core/index.ts';
import {
  controlStep,
  evaluateVolley,
  partitionKeys,
  resultOf,
  routeStep,
  volleyStep,
  type PartitionKey,
  type Volley,
} from '../../scripts/limiter/partition-keys.ts';
import { isAllowed, isThrottled, type LimiterExchange, type LoadExchange } from '../../scripts/trace.ts';
import { VOLLEY_CONFIRMATIONS, VOLLEY_SIZE } from '../../timing.ts';
import type { Measurement } from '../measurement.ts';
import { isBucket, SECOND_MS } from './threshold.ts';

const codes = {
  client: 'rate-limit.key.client',
  version: 'rate-limit.key.version',
  token: 'rate-limit.key.token',
  operation: 'rate-limit.key.operation',
  'managed-client': 'rate-limit.key.managed-client',
  'forwarded-for': 'rate-limit.key.forwarded-for',
  path: 'rate-limit.key.path',
  connection: 'rate-limit.key.connection',
} as const satisfies Record<PartitionKey, Code>;

/** Why a trace does not show whether the limiter counts by a key. */
export type KeySkipReason = Extract<
  SkipReason,
  'no-429' | 'recovered-early' | 'not-routed' | 'connections-reused' | 'mixed-responses'
>;

/**
 * Evaluates a partition key: while the quota is exhausted, requests that differ only in this attribute are allowed if they
 * have a separate quota. An undocumented result must occur twice.
 * @param exchanges all requests in order
 */
export function evaluateKey(
  key: PartitionKey,
  exchanges: readonly LimiterExchange[],
  quota: Quota,
): 'separate' | 'shared' | KeySkipReason {
  const volleys = volleysIn(key, exchanges);
  if (volleys.length === 0) return 'no-429';
  const valid = volleys.filter(({ isValid }) => isValid);
  if (valid.length === 0) return 'recovered-early';
  const results = valid.flatMap((volley) => resultOf(volley) ?? []);
  if (results.length === 0) return usesNewConnections(key, exchanges) ? 'not-routed' : 'connections-reused';
  const documented = partitionKeys[key];
  if (results.includes(documented)) return documented;
  if (results.length < VOLLEY_CONFIRMATIONS || results.includes('mixed')) return 'mixed-responses';
  // A gateway may throttle paths that it does not route.
  if (documented === 'separate') return isRouted(key, exchanges) ? 'shared' : 'not-routed';
  return mayHaveRefilled(key, exchanges, quota) ? 'mixed-responses' : 'separate';
}

function isRouted(key: PartitionKey, exchanges: readonly LimiterExchange[]): boolean {
  const before = exchanges.find(({ step }) => step === routeStep(key));
  return before === undefined || isAllowed(before);
}

function usesNewConnections(key: PartitionKey, exchanges: readonly LimiterExchange[]): boolean {
  if (key !== 'connection') return true;
  const volley = exchanges.filter(({ step }) => step === volleyStep(key));
  return volley.filter((one) => one.isNewConnection === true).length >= volley.length / 2;
}

/** Whether a bucket may have refilled the allowed permits meanwhile, possibly all at once after a full second. */
function mayHaveRefilled(key: PartitionKey, exchanges: readonly LimiterExchange[], quota: Quota): boolean {
  const own = ofKey(key, exchanges);
  if (!isBucket(own.find(isThrottled), quota)) return false;
  const end = Math.max(...own.map(({ receivedAt }) => receivedAt));
  const start = Math.min(...own.map(({ sentAt }) => sentAt));
  const refilled = (quota.limit / quota.windowMs) * (end - start + SECOND_MS);
  return own.filter(isAllowed).length <= refilled + 1;
}

function ofKey(key: PartitionKey, exchanges: readonly LimiterExchange[]): readonly LimiterExchange[] {
  return exchanges.filter(({ step }) => step === controlStep(key) || step === volleyStep(key));
}

/** Judges whether a partition key is as documented. */
export function judgeKey(
  key: PartitionKey,
  exchanges: readonly LoadExchange[],
  quota: Quota,
): Measurement | KeySkipReason {
  const result = evaluateKey(key, exchanges, quota);
  if (result !== 'separate' && result !== 'shared') return result;
  const measured = { [`key ${key}`]: result };
  if (result === partitionKeys[key]) return { results: [], measured };
  const shows = result === 'separate' ? isAllowed : isThrottled;
  const exchange = exchanges.find((one) => one.step === volleyStep(key) && shows(one));
  const valid = volleysIn(key, exchanges).filter(({ isValid }) => isValid);
  const allowed = valid.reduce((sum, volley) => sum + volley.allowed, 0);
  const sent = valid.reduce((sum, volley) => sum + volley.throttled, allowed);
  const results = [violation(codes[key], { site: key, details: { allowed, sent } })];
  return { results, measured, ...(exchange && { exchange }) };
}

/** The complete volleys of a key, each with its control requests before and after. */
function volleysIn(key: PartitionKey, exchanges: readonly LimiterExchange[]): Volley[] {
  const own = ofKey(key, exchanges);
  const size = VOLLEY_SIZE + 2;
  return Array.from({ length: Math.floor(own.length / size) }, (_, index) => {
    const [before, ...rest] = own.slice(index * size, (index + 1) * size);
    return evaluateVolley(key, rest.slice(0, VOLLEY_SIZE), [before, rest.at(-1)]);
  });
}
