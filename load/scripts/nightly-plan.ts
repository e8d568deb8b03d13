/** Requests that come all at once: a fifth more than there is. */
export const parallelCount = (limit: number): number => Math.ceil(1.2 * limit);

/** Requests on either side of the end of a window: three tenths more than there is. */
export const boundaryCount = (limit: number): number => Math.ceil(1.3 * limit);

/** Requests for a managed client that is not there, and such that show a forged token: shares of the quota that differ. */
export const notFoundCount = (limit: number): number => Math.ceil(0.1 * limit);
export const forgedCount = (limit: number): number => Math.ceil(0.3 * limit);
