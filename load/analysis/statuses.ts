import { violation, type CheckResult } from '../../core/index.ts';
import { isInVolley } from '../scripts/limiter/partition-keys.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import type { Measurement } from './measurement.ts';

const EXPECTED = [200, 429];
/** Broken connections and rejected tokens have findings of their own. */
const JUDGED_ELSEWHERE = [0, 401, 403];
/** A single error of a gateway is tolerated, because k6 does not retry. */
const MIN_COUNT = 2;

/**
 * Judges that only 200 and 429 occur under load. A gateway error is inconclusive for one exchange, but not if it occurs
 * repeatedly. Exchanges with a violation are not counted again.
 */
export function judgeStatuses(exchanges: readonly LoadExchange[]): Measurement {
  const unexpected = exchanges.filter(
    (one) =>
      !isInVolley(one) &&
      ![...EXPECTED, ...JUDGED_ELSEWHERE].includes(one.status) &&
      one.results.every(({ kind }) => kind === 'inconclusive'),
  );
  const repeated = [...Map.groupBy(unexpected, ({ status }) => status).values()].filter(
    ({ length }) => length >= MIN_COUNT,
  );
  const results = repeated.flatMap((same): CheckResult[] => {
    const [first] = same;
    if (first === undefined) return [];
    const details = { status: first.status, count: same.length };
    return [violation('load.status.unexpected', { site: String(first.status), details })];
  });
  const exchange = repeated[0]?.[0];
  return { results, measured: {}, ...(exchange && { exchange }) };
}
