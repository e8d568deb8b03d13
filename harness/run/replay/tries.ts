/** How often a failure occurred, and how often its requests were sent; null if that is unknown. */
interface FailureRate {
  readonly count: number;
  readonly sent: number | null;
}

/** A constant failure that does not occur in this many tries is gone. */
const CONSTANT_TRIES = 3;
export const MAX_TRIES = 500;
/** The probability that an existing failure occurs in one of the tries. */
const CONFIDENCE = 0.99;

export function isIntermittent({ count, sent }: FailureRate): boolean {
  return sent === null || sent > count;
}

/** The number of tries in which a failure with this rate occurs with a probability of 99 %, at most `MAX_TRIES`. */
export function triesFor({ count, sent }: FailureRate): number {
  if (sent === null || sent <= count) return CONSTANT_TRIES;
  return Math.min(MAX_TRIES, Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(1 - count / sent)));
}
