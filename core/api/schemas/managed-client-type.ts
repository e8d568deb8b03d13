/** The kind of agent that reports. It is required everywhere, and nullable. */
export const managedClientType = {
  type: 'string',
  nullable: true,
  enum: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER', null],
} as const;

/** The types that a GET can name. A query cannot express null, so the record of type null has no documented address. */
export const readableTypes = [
  'CCG',
  'VA',
  'INTERNAL',
  'IIQ_HARVESTER',
] as const satisfies readonly (typeof managedClientType.enum)[number][];

export type ReadableType = (typeof readableTypes)[number];
