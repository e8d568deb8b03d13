import { violation, type CheckResult, type Quota } from '../../../core/index.ts';
import { countsForQuota } from '../../scripts/limiter/partition-keys.ts';
import { isAllowed, isThrottled, type LoadExchange } from '../../scripts/trace.ts';
import type { Measurement } from '../measurement.ts';
import { readQuotaFields, type QuotaFields } from './quota-fields.ts';
import { retryDeadlineOf } from './retry-deadline.ts';
import { isBucket } from './threshold.ts';

/** The rate limit headers of a response. */
interface HeaderReading extends QuotaFields {
  readonly exchange: LoadExchange;
}

/** Retry-After, a reset and the Date header are rounded independently. */
const ROUNDING_S = 2;
/** The number of responses that show whether the remaining quota decreases. */
const MIN_READINGS = 5;

/**
 * Judges whether rate limit headers agree with the behaviour of the limiter. The headers are not documented, but clients
 * rely on them.
 * @param burst the requests until the first rejections
 * @returns the reason if there are no usable headers
 */
export function judgeQuotaHeaders(
  burst: readonly LoadExchange[],
  quota: Quota,
): Measurement | 'no-quota-headers' | 'quota-headers-unreadable' {
  const sent = burst.filter(countsForQuota).toSorted((a, b) => a.sentAt - b.sentAt);
  const readings = sent.flatMap((exchange): HeaderReading[] => {
    const fields = readQuotaFields(exchange.quotaHeaders ?? [], quota);
    return fields === undefined ? [] : [{ ...fields, exchange }];
  });
  const [first] = readings;
  if (first === undefined) {
    const hasHeaders = sent.some(({ quotaHeaders }) => quotaHeaders !== undefined);
    return hasHeaders ? 'quota-headers-unreadable' : 'no-quota-headers';
  }
  const contradictions = checks.flatMap((check) => check(readings, quota) ?? []);
  const results = contradictions.map(({ site, header, expected }): CheckResult => {
    const details = { site, header, expected };
    return violation('rate-limit.headers.inconsistent', { site, details });
  });
  return {
    results,
    measured: { headerLimit: first.limit ?? null },
    exchange: contradictions[0]?.exchange ?? first.exchange,
  };
}

/** A header that contradicts the limiter. */
interface Contradiction {
  readonly site: 'limit' | 'window' | 'remaining' | 'reset';
  readonly header: number;
  readonly expected: number | string;
  readonly exchange: LoadExchange;
}

type HeaderCheck = (readings: readonly HeaderReading[], quota: Quota) => Contradiction | undefined;

const limitIsDocumented: HeaderCheck = (readings, quota) => {
  const wrong = readings.find(({ limit }) => limit !== undefined && limit !== quota.limit);
  if (wrong === undefined) return undefined;
  return { site: 'limit', header: wrong.limit ?? 0, expected: quota.limit, exchange: wrong.exchange };
};

const windowIsDocumented: HeaderCheck = (readings, { windowMs }) => {
  const expected = Math.ceil(windowMs / 1000);
  const wrong = readings.find(({ window }) => window !== undefined && window !== expected);
  if (wrong === undefined) return undefined;
  return { site: 'window', header: wrong.window ?? 0, expected, exchange: wrong.exchange };
};

/** The remaining quota is never negative, and 0 for a throttled request. */
const remainingMatchesStatus: HeaderCheck = (readings) => {
  const wrong = readings.find(
    ({ remaining = 0, exchange }) => remaining < 0 || (isThrottled(exchange) && remaining > 0),
  );
  if (wrong === undefined) return undefined;
  const { remaining = 0, exchange } = wrong;
  return { site: 'remaining', header: remaining, expected: exchange.status, exchange };
};

/** Most accepted requests decrease the remaining quota. A bucket refills meanwhile, and a new window starts in full. */
const remainingDecreases: HeaderCheck = (readings) => {
  const allowed = readings.filter(
    ({ exchange, remaining }) => isAllowed(exchange) && remaining !== undefined,
  );
  const last = allowed.at(-1);
  if (last === undefined || allowed.length < MIN_READINGS) return undefined;
  const decreases = allowed.filter(
    ({ remaining = 0 }, index) => remaining < (allowed[index - 1]?.remaining ?? 0),
  ).length;
  if (decreases >= (allowed.length - 1) / 2) return undefined;
  const expected = `${allowed.length} requests, ${decreases} of which decreased it`;
  return { site: 'remaining', header: last.remaining ?? 0, expected, exchange: last.exchange };
};

/** The reset is not later than Retry-After (draft, section 4). A bucket resets later than it allows the next request. */
const resetMatchesRetryAfter: HeaderCheck = (readings, quota) => {
  for (const { reset, exchange } of readings) {
    const announced = retryDeadlineOf(exchange)?.seconds;
    if (reset === undefined || announced === undefined || isBucket(exchange, quota)) continue;
    if (reset > announced + ROUNDING_S)
      return { site: 'reset', header: reset, expected: announced, exchange };
  }
  return undefined;
};

const checks: readonly HeaderCheck[] = [
  limitIsDocumented,
  windowIsDocumented,
  remainingMatchesStatus,
  remainingDecreases,
  resetMatchesRetryAfter,
];
