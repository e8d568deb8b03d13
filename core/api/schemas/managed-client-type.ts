/** Which agent reports. Required everywhere and nullable all the same. */
export const managedClientType = {
  type: 'string',
  nullable: true,
  enum: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER', null],
} as const;

/** Types that a GET can name: a query cannot write null, so the record of type null has no documented address. */
export const readableTypes = [
  'CCG',
  'VA',
  'INTERNAL',
  'IIQ_HARVESTER',
] as const satisfies readonly (typeof managedClientType.enum)[number][];

export type ReadableType = (typeof readableTypes)[number];
