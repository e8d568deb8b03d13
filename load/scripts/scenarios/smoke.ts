import { read, write } from '../send.ts';
import { alone, type Scenario } from './scenario.ts';

/** A few calls, one after the other: does k6 reach the service at all, and is it answered properly? */
export const smoke: Scenario = {
  executor: () => alone(60),
  async run({ types, writes }) {
    for (const type of types) await read('smoke', 'accept', type);
    if (!writes) return;
    const report = {
      body: {},
      status: 'NORMAL',
      type: types[0] ?? 'CCG',
      timestamp: new Date().toISOString(),
    };
    await write('smoke', JSON.stringify(report));
  },
};
