import { echo } from './read-your-writes.ts';
import { equivalent } from './equivalent-requests.ts';
import { eventualHistory, history } from './consistency.ts';
import { rejectedWrite } from './rejected-write.ts';
import type { Relation } from './relation.ts';
import { stableReads } from './stable-reads.ts';

/** Promises between exchanges, by name. */
export const relations = {
  echo,
  'rejected-write': rejectedWrite,
  history,
  'eventual-history': eventualHistory,
  'stable-reads': stableReads,
  equivalent,
} as const satisfies Record<string, Relation>;

export type RelationName = keyof typeof relations;
