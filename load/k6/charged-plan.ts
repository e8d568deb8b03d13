/** Requests for a managed client that is not there, and such that show a forged token: shares of the quota that differ. */
export const notFoundCount = (limit: number): number => Math.ceil(0.1 * limit);
export const forgedCount = (limit: number): number => Math.ceil(0.3 * limit);
