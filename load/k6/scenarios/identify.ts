import { parseRetryAfter } from '../../../contracts/index.ts';
import { firstCycle, furtherCycle, type Part, type Shot, type World } from '../experiments.ts';
import { read } from '../send.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/** Refused, or not answered by the service at all: neither is a place. */
const NOT_SERVED = [429, 0, 401, 408, 500, 502, 503, 504];

/** The target, through k6. */
const world: World = {
  now: () => Date.now() / 1000,
  waitUntil: (time) => waitUntil(time * 1000),
  async send(part: Part): Promise<Shot> {
    const sent = Date.now() / 1000;
    const { status, retryAfter, date } = await read(part, 'accept-or-limited');
    const parsed = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, date);
    const wait = parsed?.seconds;
    const slack = parsed?.form === 'date' ? { slack: 1 } : {};
    const told = wait === undefined || wait < 0 ? {} : { wait, ...slack };
    return { part, sent, received: Date.now() / 1000, ok: !NOT_SERVED.includes(status), ...told };
  },
};

/** One cycle of experiments: what a limiter is shows in what it serves and refuses. */
export const identify: Scenario = {
  executor: ({ windowMs }) => alone(120 + (16 * windowMs) / 1000),
  async run({ limit, windowMs, cycle }) {
    if (cycle === undefined) await firstCycle(world, { limit, window: windowMs / 1000 });
    else await furtherCycle(world, cycle, cycle.turn, cycle.over);
  },
};
