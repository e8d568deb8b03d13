import { boundaryCount } from '../nightly-plan.ts';
import { read } from '../send.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/** Shares of a window before and after its end: both bursts lie close together, and each in a window of its own. */
const BEFORE = 0.12;
const AFTER = 0.03;

/** One request starts a window; one burst uses it up just before its end, another one the next just after. */
export const boundary: Scenario = {
  executor: ({ windowMs }) => alone(60 + (2 * windowMs) / 1000),
  async run({ limit, windowMs }) {
    const start = Date.now();
    await read('boundary', 'accept-or-limited');
    const bursts = [start + (1 - BEFORE) * windowMs, start + (1 + AFTER) * windowMs].map(
      async (at, index) => {
        await waitUntil(at);
        const pace = (0.75 * BEFORE * windowMs) / limit;
        const sent = Array.from({ length: boundaryCount(limit) - 1 + index }, async (_, shot) => {
          await waitUntil(at + shot * pace);
          return read('boundary', 'accept-or-limited');
        });
        await Promise.all(sent);
      },
    );
    await Promise.all(bursts);
  },
};
