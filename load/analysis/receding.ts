import { violation, type Quota } from '../../core/index.ts';
import { isOwn } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { promiseOf, type Promised } from './promise.ts';
import type { Measurement } from './threshold.ts';

/** A second of rounding, and what answers take. */
const ROUNDING_MS = 1700;

/**
 * While nobody is served, the time to wait counts down. A limiter that counts refused requests starts anew with each of
 * them, and may weigh them in the next window as well: more than two windows is a wait that grows for those who ask. One that
 * was so long from the beginning did not grow, it is late.
 */
export function judgeReceding(lines: readonly TraceLine[], { windowMs }: Quota): Measurement {
  const longest = 2 * windowMs + ROUNDING_MS;
  let first: Promised | undefined;
  for (const line of lines.filter(isOwn).toSorted((a, b) => a.sentAt - b.sentAt)) {
    if (line.status !== 429) first = undefined;
    const promise = promiseOf(line);
    if (promise === undefined) continue;
    first ??= promise;
    const isLater = promise.from > first.until + ROUNDING_MS;
    if (isLater && first.seconds * 1000 <= longest && promise.seconds * 1000 > longest) {
      const details = { first: first.seconds, later: promise.seconds };
      return { remarks: [violation('rate-limit.retry-after.receding', { details })], measured: {}, line };
    }
  }
  return { remarks: [], measured: {} };
}
