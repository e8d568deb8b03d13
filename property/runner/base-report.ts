import type { ManagedClientStatus } from '../../core/index.ts';

/** What cells bend: a valid report with nothing remarkable in it, so that a finding has one cause. */
export const canonical: ManagedClientStatus = {
  body: {},
  status: 'NORMAL',
  type: 'CCG',
  timestamp: '2020-01-01T00:00:00.000000Z',
};
