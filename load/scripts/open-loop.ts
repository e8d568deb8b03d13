import { read } from './send.ts';
import { waitUntil } from './wait.ts';

/**
 * Open loop: each request leaves when it is due, whatever became of those before, until a 429 was received.
 * @param dues milliseconds since the epoch, in order
 * @returns whether one was
 */
export async function untilRefused(phase: string, dues: Iterable<number>): Promise<boolean> {
  let limited = false;
  const underWay: Promise<void>[] = [];
  for (const due of dues) {
    await waitUntil(due);
    // oxlint-disable-next-line no-unnecessary-condition -- an answer sets it
    if (limited) break;
    underWay.push(
      read(phase, 'accept-or-limited').then(({ status }) => {
        limited ||= status === 429;
      }),
    );
  }
  await Promise.all(underWay);
  return limited;
}
