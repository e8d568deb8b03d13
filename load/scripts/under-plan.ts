/** Nine tenths of the quota. */
export const UNDER_SHARE = 0.9;
/** Windows that the scenario lasts. */
export const UNDER_WINDOWS = 2.5;
