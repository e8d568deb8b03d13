/** What a burst sends at most, in quotas: so much without a 429 is no limit. */
export const BURST = 3;

/** The same at a limiter that was met before: what is under way when the first 429 comes is sent already. */
export const DRAIN = 1.5;

/** What is sent one by one at most, in quotas. */
export const ONE_BY_ONE = 1.2;
