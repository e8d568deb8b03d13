/** How often a failure was seen, and how often its requests were sent: null if that is not known. */
interface Rate {
  readonly count: number;
  readonly sent: number | null;
}

/** A constant failure is sent again this often before it counts as gone. */
const CONSTANT_TRIES = 3;
/** An intermittent failure is sent again at most this often. */
export const MAX_TRIES = 500;
/** The probability of seeing a failure that is still there. */
const CONFIDENCE = 0.99;

export function isIntermittent({ count, sent }: Rate): boolean {
  return sent === null || sent > count;
}

/** How often a failure has to be looked for: at its rate, it would be seen with a probability of 99 %. */
export function triesFor({ count, sent }: Rate): number {
  if (sent === null || sent <= count) return CONSTANT_TRIES;
  return Math.min(MAX_TRIES, Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(1 - count / sent)));
}
