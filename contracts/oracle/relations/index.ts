import { echo } from './echo.ts';
import { rejectedWrite } from './rejected-write.ts';
import type { Relation } from './relation.ts';

/** Promises between exchanges, by name. */
export const relations = { echo, 'rejected-write': rejectedWrite } as const satisfies Record<
  string,
  Relation
>;

export type RelationName = keyof typeof relations;
