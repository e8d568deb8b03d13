import { doubt, type Outcome } from '../../core/index.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { concluded, type LoadOptions } from '../runner/run-scenario.ts';
import { ESCALATION, latestPromise, standing } from '../analysis/promise.ts';

type Limited = Pick<LoadOptions, 'quota' | 'isRemote'>;

/**
 * Seconds that another machine's limiter blocks for, where that is longer than any window: it has had enough.
 * @param lines what was sent, up to now
 */
export function blockedFor({ quota, isRemote }: Limited, lines: readonly TraceLine[]): number | undefined {
  const seconds = latestPromise(standing(lines))?.seconds ?? 0;
  return isRemote && seconds * 1000 > ESCALATION * quota.windowMs ? seconds : undefined;
}

/** Says that the target blocks, where it does. @returns whether it is to be left alone */
export function* isLeftAlone(limited: Limited, lines: readonly TraceLine[]): Generator<Outcome, boolean> {
  const seconds = blockedFor(limited, lines);
  if (seconds === undefined) return false;
  const remarks = [doubt('load.escalated', { seconds })];
  yield concluded('recovery', 'recover', { remarks, measured: { promisedSeconds: seconds } });
  return true;
}
