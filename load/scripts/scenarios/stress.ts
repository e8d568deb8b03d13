import exec from 'k6/execution';
import type { Stage } from 'k6/options';

import { baseReport, managedClientStatusEnum } from '../../../core/index.ts';
import { usersFor } from '../../timing.ts';
import type { LoadTask } from '../load-task.ts';
import { read, write } from '../requests/send.ts';
import { stressProfiles, type StressName, type StressProfile } from '../stress-profiles.ts';
import type { Scenario } from './scenario.ts';

/** The scenario of a stress profile. */
export function stress(name: StressName): Scenario {
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
  const body = { ...baseReport, status, type: types[0] ?? 'CCG', timestamp: new Date().toISOString() };
  return write(`${name} ${status}`, JSON.stringify(body), 'accept-or-limited');
}

function arrivals(
  { periods }: StressProfile,
  { limit, windowMs }: LoadTask,
): ReturnType<Scenario['executor']> {
  const rateOf = (share: number): number => Math.max(1, Math.round(share * limit));
  const stages = periods.flatMap(({ share, windows }): Stage[] => [
    { target: rateOf(share), duration: '0s' },
    { target: rateOf(share), duration: `${Math.round(windows * windowMs)}ms` },
  ]);
  const maxShare = Math.max(...periods.map(({ share }) => share));
  const users = usersFor((maxShare * limit) / windowMs);
  return {
    executor: 'ramping-arrival-rate',
    startRate: rateOf(periods[0]?.share ?? 0),
    timeUnit: `${windowMs}ms`,
    stages,
    preAllocatedVUs: users,
    maxVUs: users,
    gracefulStop: '15s',
  };
}
