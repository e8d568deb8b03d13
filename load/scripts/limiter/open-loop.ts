import { read } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import { isThrottled } from '../trace.ts';

/**
 * Sends each request at its time, whatever happened to the previous ones, until a 429 was received.
 * @param times milliseconds since the epoch, in ascending order
 * @returns whether a 429 was received
 */
export async function sendUntilThrottled(step: string, times: Iterable<number>): Promise<boolean> {
  let wasThrottled = false;
  const pending: Promise<void>[] = [];
  for (const time of times) {
    await waitUntil(time);
    // oxlint-disable-next-line no-unnecessary-condition -- a response changes it
    if (wasThrottled) break;
    pending.push(
      read(step, 'accept-or-limited').then((exchange) => {
        wasThrottled ||= isThrottled(exchange);
      }),
    );
  }
  await Promise.all(pending);
  return wasThrottled;
}
