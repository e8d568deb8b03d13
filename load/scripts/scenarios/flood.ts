import { read } from '../requests/send.ts';
import type { Scenario } from './scenario.ts';

/** Ten users without pauses, only for the benchmark. */
export const flood: Scenario = {
  executor: () => ({ executor: 'constant-vus', vus: 10, duration: '4s', gracefulStop: '5s' }),
  async run() {
    await read('flood', 'accept-or-limited');
  },
};
