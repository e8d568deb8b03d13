import { echo } from './echo.ts';
import { equivalent } from './equivalent.ts';
import { eventualHistory, history } from './history.ts';
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
