import { read } from './send.ts';
import type { LoadTask } from './trace.ts';
import { waitUntil } from './wait.ts';

/** Milliseconds between requests. A short window needs a faster burst: it has to be over well before the window is. */
const fastMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 150, (0.15 * windowMs) / limit);
// Around the limit the pace drops, so that the count of accepted requests is exact although answers take time.
const slowMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 45, (0.75 * windowMs) / limit);
const SLOW_ZONE = [0.8, 1.2] as const;
/** Three times the quota without a 429 is no limit. */
const MOST = 3;

/**
 * Open loop: each request leaves when it is due, until a 429 was received. Where processes share it, each sends its own
 * of the same requests at the same times.
 * @returns whether one was
 */
export async function burst(phase: string, task: LoadTask): Promise<boolean> {
  const { limit, segment = { index: 0, of: 1, startAt: Date.now() } } = task;
  let limited = false;
  const underWay: Promise<void>[] = [];
  let at = Math.max(Date.now(), segment.startAt);
  // oxlint-disable-next-line no-unmodified-loop-condition -- an answer sets it
  for (let sent = 0; sent < MOST * limit && !limited; sent++) {
    if (sent % segment.of === segment.index) {
      await waitUntil(at);
      underWay.push(
        read(phase, 'accept-or-limited').then(({ status }) => {
          limited ||= status === 429;
        }),
      );
    }
    const isSlow = sent >= SLOW_ZONE[0] * limit && sent < SLOW_ZONE[1] * limit;
    at += isSlow ? slowMs(task) : fastMs(task);
  }
  await Promise.all(underWay);
  return limited;
}
