import { readableTypes } from '../../../contracts/index.ts';
import { read, write } from '../send.ts';
import { alone, type Scenario } from './scenario.ts';

/** A few calls, one after the other: does k6 reach the service at all, and is it answered properly? */
export const smoke: Scenario = {
  executor: () => alone(60),
  async run({ writes }) {
    for (const type of readableTypes) await read('smoke', 'accept', type);
    if (!writes) return;
    const report = { body: {}, status: 'NORMAL', type: 'VA', timestamp: new Date().toISOString() };
    await write('smoke', JSON.stringify(report));
  },
};
