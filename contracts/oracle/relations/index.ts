import { echo } from './echo.ts';
import { eventualHistory, history } from './history.ts';
import { rejectedWrite } from './rejected-write.ts';
import type { Relation } from './relation.ts';

/** Promises between exchanges, by name. */
export const relations = {
  echo,
  'rejected-write': rejectedWrite,
  history,
  'eventual-history': eventualHistory,
} as const satisfies Record<string, Relation>;

export type RelationName = keyof typeof relations;
