import type { Quota } from '../../core/index.ts';
import { dimensionNames, type Dimension } from '../scripts/dimensions.ts';
import type { Expected } from '../scripts/experiments.ts';
import { mostWithin } from '../analysis/most-within.ts';
import { keyShown, type Told } from '../analysis/keys.ts';
import { ESCALATION } from '../analysis/promise.ts';
import type { FamilyName } from './families.ts';
import { identify, type Cycle, type Identification } from './identify.ts';
import { queueIn, type Queue } from './queueing.ts';

/** What was seen of a limiter: enough to judge it again. */
export interface Evident {
  readonly cycles: readonly Cycle[];
  /** Answers that did not tell what the limiter had decided. */
  readonly lost: number;
  /** What it was asked when it was known what it is: what it counts by. */
  readonly keys?: readonly Told[];
  /** Load just below the rate that was found. */
  readonly sustained?: Sustained;
}

export interface Sustained {
  readonly sent: number;
  readonly refused: number;
}

/** What follows from it, and why there is no more to try. */
export interface Conclusion {
  /** Undefined where one cycle said everything. */
  readonly identification: Identification | undefined;
  readonly ended:
    | 'certain'
    | 'kind'
    | 'distributed'
    | 'queues'
    | 'unlimited'
    | 'too slow'
    | 'never recovers'
    | 'escalated'
    | 'too much lost'
    | 'all tried';
  /** Where it lets requests wait instead of refusing them. */
  readonly queue?: Queue;
  /** What it counts by, where that was asked. */
  readonly countsBy: readonly (readonly [Dimension, ReturnType<typeof keyShown>])[];
  /** Whether a second limit lies behind the first, undefined where that was not asked. */
  readonly hasSecond: boolean | undefined;
}

type Ending = Pick<Conclusion, 'identification' | 'ended' | 'queue'>;

/** Answers that do not tell may be so many, as a share. */
const LOST = 0.02;
/** So much more than the limit has to have been served in one window to say that there is none. */
const ABUNDANT = 1.2;

/** What was seen says, the same while it is asked and when its trace is judged again. */
export function concludeFrom(evident: Evident, documented: Expected): Conclusion {
  const quota = { limit: documented.limit, windowMs: 1000 * documented.window };
  const ending = endingFrom(evident, documented);
  return { ...ending, ...detailsFrom(evident, quota, ending.ended === 'certain') };
}

/** Where a family surprises, so many cycles tell whether that is the network or another family. */
const SETTLED = 3;

/** Does another cycle say more? */
export function isOpen({ ended }: Pick<Conclusion, 'ended'>, cycles: readonly Cycle[]): boolean {
  return ended === 'all tried' || (ended === 'kind' && cycles.length < SETTLED);
}

/** @param isAlone whether nobody else uses the same quota: then whoever is refused below its rate met another limit */
function detailsFrom(
  { keys = [], sustained }: Evident,
  quota: Quota,
  isAlone: boolean,
): Pick<Conclusion, 'countsBy' | 'hasSecond'> {
  const asked = dimensionNames.map((name) => [name, keyShown(name, keys, quota)] as const);
  return {
    countsBy: asked.filter(([, shown]) => shown !== 'key-not-asked'),
    hasSecond: isAlone && sustained !== undefined ? sustained.refused > 0 : undefined,
  };
}

function endingFrom({ cycles, lost }: Evident, documented: Expected): Ending {
  const shots = cycles.flat();
  const nothing = (ended: Conclusion['ended']): Ending => ({ identification: undefined, ended });
  const [first = []] = cycles;
  if (cycles.length === 0) return nothing('all tried');
  const queue = queueIn(first, documented);
  if (queue !== undefined) return { ...nothing('queues'), queue };
  if (shots.length === 0 || lost > LOST * (shots.length + lost)) return nothing('too much lost');
  if (shots.every(({ ok }) => ok)) {
    const sent = shots.map((shot) => shot.sent);
    const isAbundant = mostWithin(sent, documented.window) > ABUNDANT * documented.limit;
    return nothing(isAbundant ? 'unlimited' : 'too slow');
  }
  if (!first.some(({ part, ok }) => part === 'probe' && ok)) return nothing('never recovers');
  const identification = cycles.length > 1 ? identify(cycles) : undefined;
  if (hasGrown(cycles, documented)) return { identification, ended: 'escalated' };
  if (identification === undefined) return nothing('all tried');
  return { identification, ended: endingOf(identification, cycles.length) };
}

/** Families that give back a place at a time: one that promises too long serves before it said so, as nodes do. */
const GIVING_BACK: readonly FamilyName[] = [
  'token-bucket',
  'stepped-bucket',
  'sliding-counter',
  'sliding-counter-charged',
];

function endingOf(
  { isDistributed, certainty, ranking }: Identification,
  cycles: number,
): Conclusion['ended'] {
  const mayBeOne = ranking[0] !== undefined && GIVING_BACK.includes(ranking[0].family);
  const isOne = mayBeOne && certainty === 'family';
  // Two cycles seldom tell which of both it is.
  const isEarly = mayBeOne && certainty === 'inconclusive' && cycles < SETTLED;
  if (isDistributed && !isOne) return isEarly ? 'all tried' : 'distributed';
  return ({ family: 'certain', group: 'kind', inconclusive: 'all tried' } as const)[certainty];
}

/** Did promises become longer than they were at first, and too long for any window? */
function hasGrown(cycles: readonly Cycle[], { window }: Expected): boolean {
  const waits = cycles.flat().flatMap(({ wait }) => wait ?? []);
  const [first = 0] = waits;
  return Math.max(0, ...waits) > Math.max(ESCALATION * window, 2 * first);
}
