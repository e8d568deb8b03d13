import { firstCycle, furtherCycle, type Part, type Shot, type World } from '../experiments.ts';
import { read } from '../send.ts';
import { shotOf } from '../shot.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/** The target, through k6. */
const world: World = {
  now: () => Date.now() / 1000,
  waitUntil: (time) => waitUntil(time * 1000),
  async send(part: Part): Promise<Shot> {
    const sent = Date.now() / 1000;
    const answer = await read(part, 'accept-or-limited');
    return shotOf(part, { sent, received: Date.now() / 1000 }, answer);
  },
};

/** One cycle of experiments: what a limiter is shows in what it serves and refuses. */
export const identify: Scenario = {
  executor: ({ windowMs }) => alone(300 + (16 * windowMs) / 1000),
  async run({ limit, windowMs, cycle }) {
    if (cycle === undefined) await firstCycle(world, { limit, window: windowMs / 1000 });
    else await furtherCycle(world, cycle, cycle.turn, cycle.over);
  },
};
