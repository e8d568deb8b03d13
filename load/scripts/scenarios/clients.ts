import { pauseMs } from '../answer.ts';
import { read } from '../send.ts';
import { CLIENT_USERS, CLIENT_WINDOWS, impatientPauseMs, type ClientKind } from '../stress-profiles.ts';
import { waitUntil } from '../wait.ts';
import type { Scenario } from './scenario.ts';

/** Users who want three times what there is, each as fast as it is let. */
export function clients(kind: ClientKind): Scenario {
  return {
    executor: ({ windowMs }) => ({
      executor: 'per-vu-iterations',
      vus: CLIENT_USERS,
      iterations: 1,
      maxDuration: `${60 + (CLIENT_WINDOWS * windowMs) / 1000}s`,
    }),
    async run({ limit, windowMs }) {
      const until = Date.now() + CLIENT_WINDOWS * windowMs;
      while (Date.now() < until) {
        const answer = await read(kind, 'accept-or-limited');
        const isPatient = kind === 'polite' && answer.status === 429;
        const wait = isPatient ? pauseMs(answer, windowMs, windowMs) : 0;
        await waitUntil(Math.min(until, Date.now() + Math.max(wait, impatientPauseMs(limit, windowMs))));
      }
    },
  };
}
