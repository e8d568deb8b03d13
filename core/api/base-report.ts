import type { ManagedClientStatus } from './types.ts';

/** The members of a report. All are required. */
export const reportMembers = [
  'body',
  'status',
  'type',
  'timestamp',
] as const satisfies readonly (keyof ManagedClientStatus)[];

export type ReportMember = (typeof reportMembers)[number];

/** A valid report without anything unusual. Mutations change one part of it, so that a failure has one cause. */
export const baseReport: ManagedClientStatus = {
  body: {},
  status: 'NORMAL',
  type: 'CCG',
  timestamp: '2020-01-01T00:00:00.000000Z',
};
