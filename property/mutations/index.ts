import { auth } from './auth.ts';
import { dateTime } from './date-time.ts';
import { enumeration } from './enum.ts';
import { interleave } from './interleave.ts';
import { malformedJson } from './malformed-json.ts';
import { mediaType } from './media-type.ts';
import { method } from './method.ts';
import { missing } from './missing.ts';
import type { AnyMutation } from './mutation.ts';
import { pathId } from './path-id.ts';
import { queryType } from './query-type.ts';
import { root } from './root.ts';
import { type } from './type.ts';
import { validReports } from './valid.ts';
import { wire } from './wire.ts';

/** The mutations by suite, in the order in which they are interleaved. */
export const mutationSuites = {
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
} as const satisfies Record<string, readonly AnyMutation[]>;

export type MutationSuite = keyof typeof mutationSuites;

/** A mutation with its suite. */
export type ListedMutation = AnyMutation & { readonly suite: MutationSuite };

/** All mutations. The suites are interleaved, so that any prefix is diverse. Heavy mutations come last. */
export const mutations: readonly ListedMutation[] = heavyLast(
  interleave(
    ...Object.entries(mutationSuites).map(([suite, list]) =>
      list.map((mutation): ListedMutation => ({ ...mutation, suite: suite as MutationSuite })),
    ),
  ),
);

function heavyLast(all: readonly ListedMutation[]): ListedMutation[] {
  return [...all.filter(({ isHeavy }) => isHeavy !== true), ...all.filter(({ isHeavy }) => isHeavy === true)];
}
