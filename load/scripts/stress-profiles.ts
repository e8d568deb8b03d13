/** A stretch of load: a rate as a share of the quota, held for so many windows. */
export interface Stretch {
  readonly share: number;
  readonly windows: number;
}

export interface StressProfile {
  readonly stretches: readonly Stretch[];
  /** How many of the requests report a status instead of reading one; the statuses take turns. */
  readonly writes: number;
  /** Milliseconds that 95 of 100 accepted answers may take. */
  readonly p95: number;
}

/**
 * Load on the endpoints, as data. Rates are open: a request leaves when it is due, whatever became of those before, so
 * that a service that stalls cannot slow its own measurement down.
 */
export const stressProfiles = {
  average: { stretches: [{ share: 0.5, windows: 3 }], writes: 0, p95: 1000 },
  mixed: { stretches: [{ share: 0.8, windows: 3 }], writes: 0.5, p95: 1000 },
  spike: {
    stretches: [
      { share: 0.3, windows: 1 },
      { share: 5, windows: 0.3 },
      { share: 0.3, windows: 2 },
    ],
    writes: 0,
    p95: 2000,
  },
  soak: { stretches: [{ share: 0.8, windows: 6 }], writes: 0.1, p95: 1000 },
} as const satisfies Record<string, StressProfile>;

export type StressName = keyof typeof stressProfiles;

export const stressNames = Object.keys(stressProfiles) as StressName[];

/** Requests that a profile sends; an arrival rate sends one more at its end. */
export function requestsIn({ stretches }: StressProfile, limit: number): number {
  return stretches.reduce((sum, { share, windows }) => sum + Math.ceil(share * windows * limit) + 1, 0);
}

/** Windows that a profile lasts. */
export function windowsIn({ stretches }: StressProfile): number {
  return stretches.reduce((sum, { windows }) => sum + windows, 0);
}

/** Two kinds of clients that want more than there is: one waits as it is told, the other does not. */
export const clientKinds = ['polite', 'impatient'] as const;
export type ClientKind = (typeof clientKinds)[number];
export const CLIENT_WINDOWS = 3;
/** Users of each kind. */
export const CLIENT_USERS = 4;
/** Milliseconds between the requests of an impatient user: as shares of a window over the quota. */
export const impatientPauseMs = (limit: number, windowMs: number): number =>
  (CLIENT_USERS * windowMs) / (3 * limit);
