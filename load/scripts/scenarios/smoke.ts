import { baseReport } from '../../../core/index.ts';
import { read, write } from '../requests/send.ts';
import { singleUser, type Scenario } from './scenario.ts';

/** A few requests one after the other: verifies that k6 reaches the service. */
export const smoke: Scenario = {
  executor: () => singleUser(60),
  async run({ types, canWrite }) {
    for (const type of types) await read('smoke', 'accept', type);
    if (!canWrite) return;
    const report = { ...baseReport, type: types[0] ?? 'CCG', timestamp: new Date().toISOString() };
    await write('smoke', JSON.stringify(report));
  },
};
