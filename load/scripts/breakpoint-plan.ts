/** Shares of the quota at the beginning and at the end, and windows from one to the other. */
export const RISE = { from: 0.2, to: 3, windows: 6 } as const;

/** Requests where nobody is refused. */
export const mostRising = (limit: number): number =>
  Math.ceil(((RISE.from + RISE.to) / 2) * RISE.windows * limit) + 1;
