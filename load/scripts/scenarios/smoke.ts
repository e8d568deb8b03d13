import { baseReport } from '../../../core/index.ts';
import { routeStep } from '../limiter/partition-keys.ts';
import { read, write } from '../requests/send.ts';
import { singleUser, type Scenario } from './scenario.ts';

/**
 * A few requests one after the other: verifies that k6 reaches the service, and which statuses another API version returns
 * while the quota is not exhausted.
 */
export const smoke: Scenario = {
  executor: () => singleUser(60),
  async run({ types, canWrite, partitionKeys }) {
    for (const type of types) await read('smoke', 'accept', type);
    if (partitionKeys.includes('version'))
      await read(routeStep('version'), 'either-or-limited', undefined, { path: 'v1' });
    if (!canWrite) return;
    const report = { ...baseReport, type: types[0] ?? 'CCG', timestamp: new Date().toISOString() };
    await write('smoke', JSON.stringify(report));
  },
};
