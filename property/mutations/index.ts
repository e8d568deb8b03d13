import { auth } from './auth.ts';
import type { AnyCell } from './mutation.ts';
import { dateTime } from './date-time.ts';
import { enumeration } from './enum.ts';
import { malformedJson } from './malformed-json.ts';
import { mediaType } from './media-type.ts';
import { method } from './method.ts';
import { missing } from './missing.ts';
import { pathId } from './path-id.ts';
import { queryType } from './query-type.ts';
import { root } from './root.ts';
import { takeTurns } from './interleave.ts';
import { type } from './type.ts';
import { wire } from './wire.ts';
import { validReports } from './valid.ts';

/** Every family of cells, in the order they take turns. */
export const families = {
  missing,
  enum: enumeration,
  type,
  'query-type': queryType,
  auth,
  'path-id': pathId,
  root,
  'date-time': dateTime,
  'malformed-json': malformedJson,
  'media-type': mediaType,
  method,
  valid: validReports,
  wire,
} as const satisfies Record<string, readonly AnyCell[]>;

export type FamilyName = keyof typeof families;

/** A cell with the family that lists it. */
export type ListedCell = AnyCell & { readonly family: FamilyName };

/** All cells, one family after the other in turns, so that any prefix of a run is diverse; heavy ones last. */
export const cells: readonly ListedCell[] = heavyLast(
  takeTurns(
    ...Object.entries(families).map(([family, list]) =>
      list.map((cell): ListedCell => ({ ...cell, family: family as FamilyName })),
    ),
  ),
);

function heavyLast(all: readonly ListedCell[]): ListedCell[] {
  return [...all.filter(({ heavy }) => heavy !== true), ...all.filter(({ heavy }) => heavy === true)];
}
