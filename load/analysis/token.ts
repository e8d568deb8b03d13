import { violation } from '../../core/index.ts';
import { isInVolley } from '../scripts/limiter/partition-keys.ts';
import { isAllowed, type LoadExchange } from '../scripts/trace.ts';
import type { Measurement } from './measurement.ts';

/** Judges that a valid token is never rejected between two requests that were accepted. */
export function judgeToken(exchanges: readonly LoadExchange[]): Measurement {
  const inOrder = exchanges.filter((one) => !isInVolley(one)).toSorted((a, b) => a.sentAt - b.sentAt);
  const [first, last] = [inOrder.findIndex(isAllowed), inOrder.findLastIndex(isAllowed)];
  const rejected = inOrder.slice(first, last).filter(({ status }) => status === 401);
  const [exchange] = rejected;
  if (first === -1 || exchange === undefined) return { results: [], measured: {} };
  const results = [violation('auth.sporadic-401', { details: { count: rejected.length } })];
  return { results, measured: {}, exchange };
}
