import { equivalentRequests } from './equivalent-requests.ts';
import { eventualConsistency, linearizability } from './consistency.ts';
import { readYourWrites } from './read-your-writes.ts';
import { rejectedWrite } from './rejected-write.ts';
import type { Relation } from './relation.ts';
import { stableReads } from './stable-reads.ts';

/** Requirements on several exchanges, by name. */
export const relations = {
  'read-your-writes': readYourWrites,
  'rejected-write': rejectedWrite,
  linearizability,
  'eventual-consistency': eventualConsistency,
  'stable-reads': stableReads,
  'equivalent-requests': equivalentRequests,
} as const satisfies Record<string, Relation>;

export type RelationName = keyof typeof relations;
