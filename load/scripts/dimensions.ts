import { toldBy, type Answer } from './answer.ts';

/**
 * What a limiter may count by. The documented key is the OAuth client and the API version: what differs in those has a
 * quota of its own, and whatever else differs shares one (SailPoint documentation, rate limits).
 */
export const dimensions = {
  client: 'apart',
  version: 'apart',
  token: 'shared',
  operation: 'shared',
  'managed-client': 'shared',
  connection: 'shared',
  'forwarded-for': 'shared',
  path: 'shared',
} as const;

export type Dimension = keyof typeof dimensions;

export const dimensionNames = Object.keys(dimensions) as Dimension[];

/** Requests that differ in one thing only. */
export const VOLLEY = 8;

/** A volley between two requests that do not differ. */
export interface Round {
  /** The quota was used up all the time. */
  readonly isClean: boolean;
  readonly served: number;
  readonly refused: number;
}

/** What of an answer a round is told by. */
export interface RoundAnswer {
  readonly status: number;
  readonly isDialled: boolean;
  /** Seconds that a refusal promised, where it did. */
  readonly promised: number | undefined;
}

export function roundAnswer(answer: Answer, isDialled: boolean): RoundAnswer {
  return { status: answer.status, isDialled, promised: toldBy(answer)?.seconds };
}

/** From this share on, requests that differ have a quota of their own; up to the other one they share it. */
const OWN = 0.75;
const SHARED = 0.4;

/** A limiter that promises so many seconds stays used up for one at least, however it rounds: most rounds take less. */
const LASTING_S = 2;

/**
 * What a volley shows. Of connections, only those requests count that opened one; and as the old ones are closed by then, no
 * request after it comes by one of them: that nothing was given back meanwhile has to follow from what was promised before,
 * unless most were refused.
 */
export function roundOf(
  dimension: Dimension,
  volley: readonly RoundAnswer[],
  [before, after]: readonly [RoundAnswer | undefined, RoundAnswer | undefined],
): Round {
  const isOfConnection = dimension === 'connection';
  const told = isOfConnection ? volley.filter(({ isDialled }) => isDialled) : volley;
  const served = told.filter(({ status }) => status === 200).length;
  const isLasting = (before?.promised ?? LASTING_S) >= LASTING_S || served <= SHARED * told.length;
  return {
    isClean: before?.status === 429 && (isOfConnection ? isLasting : after?.status === 429),
    served,
    refused: told.filter(({ status }) => status === 429).length,
  };
}

/** What a round shows; undefined where it shows nothing. */
export function shownBy({ isClean, served, refused }: Round): 'apart' | 'shared' | 'mixed' | undefined {
  const told = served + refused;
  // Not served for another reason: nobody knows whether that came before the limiter or after it.
  if (!isClean || told < VOLLEY / 2) return undefined;
  const share = served / told;
  if (share >= OWN) return 'apart';
  return share <= SHARED ? 'shared' : 'mixed';
}

/**
 * A limiter that gives back so fast that it does not stay used up cannot be asked: so often it is used up again, for all
 * dimensions together. Not on another machine: each time violates the quota once more.
 */
export const drainsAt = (isRemote: boolean): number => (isRemote ? 0 : 5);

/** Rounds that have to show the same where it is not what is documented: a bucket may give many places back at once. */
export const AGREEING = 2;

/** Phases of a trace: the volley of a dimension, the two around it, and what used the quota up again. */
export const volleyOf = (dimension: Dimension): string => `key ${dimension}`;
export const controlOf = (dimension: Dimension): string => `control ${dimension}`;
export const drainOf = (dimension: Dimension): string => `drain ${dimension}`;

/** Requests that close the connections there are, before any can be opened: k6 keeps up to 60 of them. */
export const CLOSING = 'close connections';
export const MOST_CLOSING = 64;

const VOLLEY_PHASE = /^key /;
const OTHERS: readonly string[] = [volleyOf('client'), volleyOf('version')];

/** Is a request one of a volley? What differs may be answered otherwise. */
export function isVolley({ phase }: { readonly phase: string }): boolean {
  return VOLLEY_PHASE.test(phase);
}

/** Does a request count for the quota of the load, as documented? */
export function isOwn({ phase }: { readonly phase: string }): boolean {
  return !OTHERS.includes(phase);
}
