import { toldBy, type Answer } from './answer.ts';
import type { Part, Shot } from './experiments.ts';

/**
 * Does an answer tell what the limiter decided? Plain reads are asked, which are served or refused: what is answered
 * otherwise may come from before the limiter, or from something that stands in its place.
 */
export function isTelling(status: number): boolean {
  return status === 200 || status === 429;
}

/** What an answer means to an experiment. What says nothing of the limiter is no place that was got. */
export function shotOf(part: Part, times: Pick<Shot, 'sent' | 'received'>, answer: Answer): Shot {
  const { status } = answer;
  const told = status === 429 ? toldBy(answer) : undefined;
  const wait = told?.seconds;
  return {
    part,
    ...times,
    ok: status === 200,
    ...(wait !== undefined && wait >= 0 && { wait }),
    ...(told?.form === 'date' && { slack: 1 }),
  };
}
