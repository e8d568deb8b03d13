/** Which agent reports. Required everywhere and nullable all the same. */
export const managedClientType = {
  type: 'string',
  nullable: true,
  enum: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER', null],
} as const;
