import { RISING_RATE, scenarioTimeoutS } from '../../timing.ts';
import { sendUntilThrottled } from '../limiter/open-loop.ts';
import type { LoadTask } from '../load-task.ts';
import { singleUser, type Scenario } from './scenario.ts';

/** A rising rate until a request is throttled, so that only one window is violated. */
export const breakpoint: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(2 * RISING_RATE.windows, windowMs, 60)),
  async run(task) {
    await sendUntilThrottled('breakpoint', risingTimes(task));
  },
};

function risingTimes({ limit, windowMs }: LoadTask): number[] {
  const { from, to, windows } = RISING_RATE;
  const start = Date.now();
  const end = start + windows * windowMs;
  const times: number[] = [];
  for (let time = start; time < end;) {
    times.push(time);
    const share = from + ((to - from) * (time - start)) / (end - start);
    time += windowMs / (share * limit);
  }
  return times;
}
