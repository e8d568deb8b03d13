import { toldBy } from '../answer.ts';
import { burst, oneByOne } from '../burst.ts';
import { countDown, type Heard } from '../countdown.ts';
import { askKeys } from '../keys.ts';
import { read } from '../send.ts';
import type { LoadTask } from '../trace.ts';
import { waitForTurn, waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/**
 * A burst from rest that ends when a 429 was received; and, while the quota is used up, what else it counts for and what it
 * promises.
 */
export const over: Scenario = {
  executor: ({ windowMs }) => alone(90 + (3 * windowMs) / 1000),
  async run(task) {
    const { index = 0 } = task.segment ?? {};
    await waitForTurn(task);
    const isRefused = await burst('over', task);
    if (index > 0 || !(isRefused || (await isRefusedByOne(task)))) return;
    // Where only one connection is used up, what comes by others shows nothing.
    await askKeys(isRefused ? task : { ...task, dimensions: ['connection'] });
    await countDown(hear, waitUntil);
  },
};

/** A burst comes by as many connections as it takes: is one of them limited for itself? */
async function isRefusedByOne(task: LoadTask): Promise<boolean> {
  return task.dimensions.includes('connection') && oneByOne('one by one', task);
}

async function hear(): Promise<Heard> {
  const sentAt = Date.now();
  const answer = await read('countdown', 'accept-or-limited');
  return { sentAt, seconds: answer.status === 429 ? toldBy(answer)?.seconds : undefined };
}
