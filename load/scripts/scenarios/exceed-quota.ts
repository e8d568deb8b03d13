import { scenarioTimeoutS } from '../../timing.ts';
import { sendBurst, sendSequentially } from '../limiter/burst.ts';
import { observeCountdown, type CountdownReading } from '../limiter/countdown.ts';
import { testPartitionKeys } from '../limiter/test-partition-keys.ts';
import type { LoadTask } from '../load-task.ts';
import { retryDelayOf } from '../requests/retry-delay.ts';
import { read } from '../requests/send.ts';
import { waitForStart, waitUntil } from '../requests/wait.ts';
import { isThrottled } from '../trace.ts';
import { singleUser, type Scenario } from './scenario.ts';

/** A burst until a 429 was received. While the quota is exhausted: tests of partition keys, and the countdown. */
export const exceedQuota: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(3, windowMs)),
  async run(task) {
    const { index = 0 } = task.segment ?? {};
    await waitForStart(task);
    const isExhausted = await sendBurst('exceed-quota', task);
    if (index > 0 || !(isExhausted || (await isConnectionExhausted(task)))) return;
    // If only one connection is exhausted, requests over other connections show nothing.
    await testPartitionKeys(isExhausted ? task : { ...task, partitionKeys: ['connection'] });
    await observeCountdown(sendThrottled, waitUntil);
  },
};

/** A burst uses many connections. Sends requests over a single one, to find a limiter of connections. */
async function isConnectionExhausted(task: LoadTask): Promise<boolean> {
  return task.partitionKeys.includes('connection') && sendSequentially('sequential', task);
}

async function sendThrottled(): Promise<CountdownReading> {
  const exchange = await read('countdown', 'accept-or-limited');
  const delay = isThrottled(exchange) ? retryDelayOf(exchange) : undefined;
  return { sentAt: exchange.sentAt, seconds: delay && delay.ms / 1000 };
}
