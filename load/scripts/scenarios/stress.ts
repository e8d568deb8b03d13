import exec from 'k6/execution';
import type { Stage } from 'k6/options';

import { managedClientStatusEnum } from '../../../core/index.ts';
import { read, write } from '../send.ts';
import { stressProfiles, type StressName, type StressProfile } from '../stress-profiles.ts';
import type { LoadTask } from '../trace.ts';
import { usersFor, type Scenario } from './scenario.ts';

/** The scenario of a profile. */
export function stressed(name: StressName): Scenario {
  const profile: StressProfile = stressProfiles[name];
  return {
    executor: (task) => arrivals(profile, task),
    async run(task) {
      const turn = exec.scenario.iterationInTest;
      const isWrite = Math.floor((turn + 1) * profile.writes) > Math.floor(turn * profile.writes);
      await (isWrite ? report(name, task, turn) : read(`${name} read`, 'accept-or-limited'));
    },
  };
}

function report(name: StressName, { types }: LoadTask, turn: number): Promise<unknown> {
  const statuses = managedClientStatusEnum.enum;
  const status = statuses[turn % statuses.length] ?? 'NORMAL';
  const body = { body: {}, status, type: types[0] ?? 'CCG', timestamp: new Date().toISOString() };
  return write(`${name} ${status}`, JSON.stringify(body), 'accept-or-limited');
}

function arrivals(
  { stretches }: StressProfile,
  { limit, windowMs }: LoadTask,
): ReturnType<Scenario['executor']> {
  const rateOf = (share: number): number => Math.max(1, Math.round(share * limit));
  const most = Math.max(...stretches.map(({ share }) => share));
  const stages = stretches.flatMap(({ share, windows }): Stage[] => [
    { target: rateOf(share), duration: '0s' },
    { target: rateOf(share), duration: `${Math.round(windows * windowMs)}ms` },
  ]);
  const vus = usersFor((most * limit) / windowMs);
  return {
    executor: 'ramping-arrival-rate',
    startRate: rateOf(stretches[0]?.share ?? 0),
    timeUnit: `${windowMs}ms`,
    stages,
    preAllocatedVUs: vus,
    maxVUs: vus,
    gracefulStop: '15s',
  };
}
