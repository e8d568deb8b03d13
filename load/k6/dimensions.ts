/**
 * What a limiter may count by. The documented key is the OAuth client and the API version: what differs in those has a
 * quota of its own, and whatever else differs shares one (SailPoint documentation, rate limits).
 */
export const dimensions = {
  client: 'apart',
  version: 'apart',
  token: 'shared',
  operation: 'shared',
  'managed-client': 'shared',
  'forwarded-for': 'shared',
  path: 'shared',
} as const;

export type Dimension = keyof typeof dimensions;

export const dimensionNames = Object.keys(dimensions) as Dimension[];

/** Requests that differ in one thing only, between two that do not. */
export const VOLLEY = 8;

/** Phases of a trace: the volley of a dimension, the two around it, and what used the quota up again. */
export const volleyOf = (dimension: Dimension): string => `key ${dimension}`;
export const controlOf = (dimension: Dimension): string => `control ${dimension}`;
export const drainOf = (dimension: Dimension): string => `drain ${dimension}`;

const VOLLEY_PHASE = /^key /;
const OTHERS: readonly string[] = [volleyOf('client'), volleyOf('version')];

/** Is a request one of a volley? What differs may be answered otherwise. */
export function isVolley({ phase }: { readonly phase: string }): boolean {
  return VOLLEY_PHASE.test(phase);
}

/** Does a request count for the quota of the load, as documented? */
export function isOwn({ phase }: { readonly phase: string }): boolean {
  return !OTHERS.includes(phase);
}
