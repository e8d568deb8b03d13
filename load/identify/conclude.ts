import type { Expected } from '../k6/experiments.ts';
import { identify, type Cycle, type Identification } from './identify.ts';

/** What was seen of a limiter: enough to judge it again. */
export interface Evident {
  readonly cycles: readonly Cycle[];
  /** Answers that did not tell what the limiter had decided. */
  readonly lost: number;
}

/** What follows from it, and why there is no more to try. */
export interface Conclusion {
  /** Undefined where one cycle said everything. */
  readonly identification: Identification | undefined;
  readonly ended:
    | 'certain'
    | 'kind'
    | 'distributed'
    | 'unlimited'
    | 'too slow'
    | 'never recovers'
    | 'escalated'
    | 'too much lost'
    | 'all tried';
}

/** Answers that do not tell may be so many, as a share. */
const LOST = 0.02;
/** So much more than the limit has to have been served in one window to say that there is none. */
const ABUNDANT = 1.2;
/** A promise of so many windows is no window any more, where the first ones were shorter. */
const ESCALATION = 3;

/** What the cycles say, the same while they are made and when their trace is judged again. */
export function concludeFrom({ cycles, lost }: Evident, documented: Expected): Conclusion {
  const shots = cycles.flat();
  const nothing = (ended: Conclusion['ended']): Conclusion => ({ identification: undefined, ended });
  if (cycles.length === 0) return nothing('all tried');
  if (shots.length === 0 || lost > LOST * (shots.length + lost)) return nothing('too much lost');
  if (shots.every(({ ok }) => ok)) {
    const isAbundant = busiest(shots, documented.window) > ABUNDANT * documented.limit;
    return nothing(isAbundant ? 'unlimited' : 'too slow');
  }
  const [first = []] = cycles;
  if (!first.some(({ part, ok }) => part === 'probe' && ok)) return nothing('never recovers');
  const identification = cycles.length > 1 ? identify(cycles) : undefined;
  if (hasGrown(cycles, documented)) return { identification, ended: 'escalated' };
  if (identification === undefined) return nothing('all tried');
  return { identification, ended: endingOf(identification) };
}

function endingOf({ isDistributed, certainty }: Identification): Conclusion['ended'] {
  if (isDistributed) return 'distributed';
  return ({ family: 'certain', group: 'kind', inconclusive: 'all tried' } as const)[certainty];
}

/** The most that was served in any window. */
function busiest(shots: Cycle, window: number): number {
  const sent = shots.map((shot) => shot.sent);
  return Math.max(...sent.map((end) => sent.filter((time) => time > end - window && time <= end).length));
}

/** Did promises become longer than they were at first, and longer than any window? */
function hasGrown(cycles: readonly Cycle[], { window }: Expected): boolean {
  const waits = cycles.flat().flatMap(({ wait }) => wait ?? []);
  const [first = 0] = waits;
  return Math.max(0, ...waits) > Math.max(ESCALATION * window, 2 * first);
}
