import { toldBy, type Answer } from '../answer.ts';
import { read } from '../send.ts';
import { CLIENT_USERS, CLIENT_WINDOWS, impatientPauseMs, type ClientKind } from '../stress-profiles.ts';
import type { LoadTask } from '../trace.ts';
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
    async run(task) {
      const { limit, windowMs } = task;
      const until = Date.now() + CLIENT_WINDOWS * windowMs;
      while (Date.now() < until) {
        const answer = await read(kind, 'accept-or-limited');
        const wait = kind === 'polite' ? waitMs(answer, task) : 0;
        await waitUntil(Math.min(until, Date.now() + Math.max(wait, impatientPauseMs(limit, windowMs))));
      }
    },
  };
}

/** Milliseconds that a 429 asks for. */
function waitMs(answer: Answer, { windowMs }: LoadTask): number {
  if (answer.status !== 429) return 0;
  const seconds = toldBy(answer)?.seconds;
  return seconds === undefined ? windowMs : Math.min(seconds * 1000, 3 * windowMs) + 20;
}
