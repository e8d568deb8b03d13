import { read } from '../send.ts';
import type { Scenario } from './scenario.ts';

/** As fast as ten users can, for the benchmark alone: no run sends it. */
export const flood: Scenario = {
  executor: () => ({ executor: 'constant-vus', vus: 10, duration: '4s', gracefulStop: '5s' }),
  async run() {
    await read('flood', 'accept-or-limited');
  },
};
