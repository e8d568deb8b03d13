import { impatientPauseMs, scenarioTimeoutS, USER_WINDOWS, USERS_PER_KIND } from '../../timing.ts';
import { waitMs } from '../requests/retry-delay.ts';
import { read } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import type { UserKind } from '../stress-profiles.ts';
import { isThrottled } from '../trace.ts';
import type { Scenario } from './scenario.ts';

/** Users that demand three times the quota. */
export function users(kind: UserKind): Scenario {
  return {
    executor: ({ windowMs }) => ({
      executor: 'per-vu-iterations',
      vus: USERS_PER_KIND,
      iterations: 1,
      maxDuration: `${scenarioTimeoutS(USER_WINDOWS, windowMs, 60)}s`,
    }),
    async run(task) {
      const { windowMs } = task;
      const until = Date.now() + USER_WINDOWS * windowMs;
      while (Date.now() < until) {
        const exchange = await read(kind, 'accept-or-limited');
        const waits = kind === 'polite' && isThrottled(exchange);
        const announced = waits ? waitMs(exchange, windowMs, windowMs) : 0;
        await waitUntil(Math.min(until, Date.now() + Math.max(announced, impatientPauseMs(task))));
      }
    },
  };
}
