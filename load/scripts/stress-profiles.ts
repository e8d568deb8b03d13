/** A period of load at a constant rate. */
export interface LoadPeriod {
  /** The rate as a share of the quota. */
  readonly share: number;
  readonly windows: number;
}

export interface StressProfile {
  readonly periods: readonly LoadPeriod[];
  /** The share of requests that write. The statuses alternate. */
  readonly writes: number;
  /** The longest 95th percentile of accepted requests, in milliseconds. */
  readonly p95: number;
}

/** Shapes of load. Requests are sent at their time whatever happened before, so that a slow service is measured correctly. */
export const stressProfiles = {
  average: { periods: [{ share: 0.5, windows: 3 }], writes: 0, p95: 1000 },
  mixed: { periods: [{ share: 0.8, windows: 3 }], writes: 0.5, p95: 1000 },
  spike: {
    periods: [
      { share: 0.3, windows: 1 },
      { share: 5, windows: 0.3 },
      { share: 0.3, windows: 2 },
    ],
    writes: 0,
    p95: 2000,
  },
  soak: { periods: [{ share: 0.8, windows: 6 }], writes: 0.1, p95: 1000 },
} as const satisfies Record<string, StressProfile>;

export type StressName = keyof typeof stressProfiles;

export const stressNames = Object.keys(stressProfiles) as StressName[];

/** The number of requests of a profile. An arrival rate sends one more at its end. */
export function requestsIn({ periods }: StressProfile, limit: number): number {
  return periods.reduce((sum, { share, windows }) => sum + Math.ceil(share * windows * limit) + 1, 0);
}

/** The duration of a profile, in windows. */
export function windowsIn({ periods }: StressProfile): number {
  return periods.reduce((sum, { windows }) => sum + windows, 0);
}

/** Users that demand more than the quota: polite users wait as announced, impatient users do not. */
export const userKinds = ['polite', 'impatient'] as const;
export type UserKind = (typeof userKinds)[number];
