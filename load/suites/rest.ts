import { setTimeout as wait } from 'node:timers/promises';

import type { LoadRunContext } from '../context.ts';

/** Waits between two experiments, so that a remote limiter does not escalate. */
export function rest({ restBetweenMs, signal }: LoadRunContext): Promise<void> {
  return wait(restBetweenMs, undefined, { signal });
}
