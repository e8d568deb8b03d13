import { inconclusiveBecause, violation } from '../../../core/index.ts';
import { isAllowed, isThrottled, READ_BACK, type LoadExchange } from '../../scripts/trace.ts';
import type { Measurement } from '../measurement.ts';

/** Judges that a write that was answered 429 was not applied. */
export function judgeThrottledWrites(exchanges: readonly LoadExchange[]): Measurement {
  const throttled = new Set(
    exchanges.flatMap((one) => (one.step !== READ_BACK && isThrottled(one) && one.writeId) || []),
  );
  const measured = { throttledWrites: throttled.size };
  const reads = exchanges.filter((one) => one.step === READ_BACK && isAllowed(one));
  if (reads.length === 0) {
    const why = 'the stored status was not read';
    return { results: [inconclusiveBecause('load.pacing', { why })], measured };
  }
  const exchange = reads.find(({ writeId = '' }) => throttled.has(writeId));
  if (exchange === undefined) return { results: [], measured };
  return { results: [violation('rate-limit.rejected-write.applied')], measured, exchange };
}
