import { scenarioTimeoutS } from '../../timing.ts';
import { firstCycle, furtherCycle, type ExperimentTarget } from '../limiter/experiments.ts';
import { read } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import { singleUser, type Scenario } from './scenario.ts';

const target: ExperimentTarget = {
  now: Date.now,
  waitUntil,
  send: (step) => read(step, 'accept-or-limited'),
};

/** One cycle of experiments that identify the limiter. */
export const identify: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(16, windowMs, 300)),
  async run({ limit, windowMs, cycle }) {
    if (cycle === undefined) await firstCycle(target, { limit, windowMs });
    else await furtherCycle(target, cycle, cycle.turn, cycle.previousEnd);
  },
};
