import { parseRetryAfter } from '../../contracts/index.ts';
import type { Part, Shot } from './experiments.ts';

/** What says nothing of the limiter: a connection that broke, a gateway, a service that fails, a token that ended. */
export const SILENT: readonly number[] = [0, 401, 408, 500, 502, 503, 504];

interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
}

/** What an answer means to an experiment. What says nothing of the limiter is no place that was got. */
export function shotOf(
  part: Part,
  times: Pick<Shot, 'sent' | 'received'>,
  { status, retryAfter, date }: Answered,
): Shot {
  const told = retryAfter === undefined || status !== 429 ? undefined : parseRetryAfter(retryAfter, date);
  const wait = told?.seconds;
  return {
    part,
    ...times,
    ok: status !== 429 && !SILENT.includes(status),
    ...(wait !== undefined && wait >= 0 && { wait }),
    ...(told?.form === 'date' && { slack: 1 }),
  };
}
