import { toldBy, type Answer } from './answer.ts';
import type { Part, Shot } from './experiments.ts';

/** What says nothing of the limiter: a connection that broke, a gateway, a service that fails, a token that ended. */
export const SILENT: readonly number[] = [0, 401, 408, 500, 502, 503, 504];

/** What an answer means to an experiment. What says nothing of the limiter is no place that was got. */
export function shotOf(part: Part, times: Pick<Shot, 'sent' | 'received'>, answer: Answer): Shot {
  const { status } = answer;
  const told = status === 429 ? toldBy(answer) : undefined;
  const wait = told?.seconds;
  return {
    part,
    ...times,
    ok: status !== 429 && !SILENT.includes(status),
    ...(wait !== undefined && wait >= 0 && { wait }),
    ...(told?.form === 'date' && { slack: 1 }),
  };
}
