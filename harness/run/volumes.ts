import type { PropertyContext } from '../../property/index.ts';
import type { Profile } from '../settings/profiles.ts';

/** How much the property layer sends. */
export type Volume = Pick<
  PropertyContext,
  | 'concurrency'
  | 'randomBodies'
  | 'maxShrinks'
  | 'confirmations'
  | 'histories'
  | 'sequences'
  | 'consistency'
  | 'mutatesRandomReports'
  | 'pairwise'
  | 'heavy'
  | 'fillsBudget'
>;

/** A deployed service may be eventually consistent, so only `ci` expects strong consistency. */
export const volumes: Record<Profile, Volume> = {
  ci: {
    concurrency: 16,
    randomBodies: 100,
    maxShrinks: 300,
    confirmations: 1,
    histories: 4,
    sequences: 3,
    consistency: 'strong',
    mutatesRandomReports: true,
    pairwise: true,
    heavy: true,
    fillsBudget: false,
  },
  staging: {
    concurrency: 4,
    randomBodies: 20,
    maxShrinks: 60,
    confirmations: 2,
    histories: 2,
    sequences: 1,
    consistency: 'eventual',
    mutatesRandomReports: false,
    pairwise: false,
    heavy: false,
    fillsBudget: false,
  },
  nightly: {
    concurrency: 4,
    randomBodies: 500,
    maxShrinks: 60,
    confirmations: 2,
    histories: 20,
    sequences: 10,
    consistency: 'eventual',
    mutatesRandomReports: true,
    pairwise: true,
    heavy: false,
    fillsBudget: true,
  },
};
