/** Waits as told, where a promise was not kept. */
export const PATIENCE = 6;

/** Afterwards it is asked without regard to promises, so often in a window and for so many windows after the promise. */
export const POLLS_A_WINDOW = 4;
export const POLLED_WINDOWS = 6;

/** Reads of what was stored. */
export const BACK_READS = 3;

/** Requests of the scenario at most: a test of the promise and the promise, waits as told, questions, and reads. */
export const MOST_RECOVERING = 2 + PATIENCE + POLLS_A_WINDOW * POLLED_WINDOWS + BACK_READS;
