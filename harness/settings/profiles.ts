/** How much a run sends. The figures are in run/volumes.ts. */
export const profileTexts = {
  ci: 'everything once, expects strong consistency; the default on loopback',
  staging: 'fewer random requests, tolerates eventual consistency; the default on remote targets',
  nightly: 'all load scenarios, and random requests until --max-requests or --max-duration',
} as const;

export type Profile = keyof typeof profileTexts;

export const profiles = Object.keys(profileTexts) as Profile[];
