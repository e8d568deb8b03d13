import { inconclusiveBecause } from '../../core/index.ts';
import { activeRejections, latestDeadline } from '../analysis/limiter/retry-deadline.ts';
import type { LoadContext, LoadRunContext } from '../context.ts';
import { conclusion } from '../runner/outcomes.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { MAX_WAIT_WINDOWS } from '../timing.ts';

/**
 * The seconds for which a remote limiter blocks, if that is longer than any window. Then nothing more is sent to it.
 * @param exchanges all requests until now
 */
export function escalationSeconds(
  { quota, isRemote }: Pick<LoadContext, 'quota' | 'isRemote'>,
  exchanges: readonly LoadExchange[],
): number | undefined {
  const seconds = latestDeadline(activeRejections(exchanges))?.seconds ?? 0;
  const isEscalated = isRemote && seconds * 1000 > MAX_WAIT_WINDOWS * quota.windowMs;
  return isEscalated ? seconds : undefined;
}

/** Emits an inconclusive outcome if the limiter has escalated. @returns whether it has */
export function reportEscalation(context: LoadRunContext, exchanges: readonly LoadExchange[]): boolean {
  const seconds = escalationSeconds(context, exchanges);
  if (seconds === undefined) return false;
  const results = [inconclusiveBecause('load.escalated', { seconds })];
  context.emit(conclusion('recovery', 'recovery', { results, measured: { announcedSeconds: seconds } }));
  return true;
}
