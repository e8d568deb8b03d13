import { BURST, ONE_BY_ONE } from './burst-plan.ts';
import { untilRefused } from './open-loop.ts';
import { read } from './send.ts';
import type { LoadTask } from './trace.ts';

/** Milliseconds between requests. A short window needs a faster burst: it has to be over well before the window is. */
const fastMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 150, (0.15 * windowMs) / limit);
// Around the limit the pace drops, so that the count of accepted requests is exact although answers take time.
const slowMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 45, (0.75 * windowMs) / limit);
const SLOW_ZONE = [0.8, 1.2] as const;

/**
 * A burst from rest that ends when a 429 was received.
 * @param part its first request, where those before it were sent already, and the first that is not sent any more
 * @returns whether one was
 */
export function burst(phase: string, task: LoadTask, part = wholeBurst(task)): Promise<boolean> {
  return untilRefused(phase, duesOf(task, part));
}

/**
 * More than the quota if a window is long enough for it, each request after the answer to the one before, so that all come
 * by one connection: a limiter of connections is met by them alone. @returns whether a 429 was received
 */
export async function oneByOne(phase: string, { limit, windowMs }: LoadTask): Promise<boolean> {
  const until = Date.now() + windowMs;
  for (let sent = 0; sent < ONE_BY_ONE * limit && Date.now() < until; sent++) {
    const { status } = await read(phase, 'accept-or-limited');
    if (status === 429) return true;
  }
  return false;
}

const wholeBurst = ({ limit }: LoadTask): readonly [number, number] => [0, BURST * limit];

/** Where processes share a burst, each sends its own of the same requests at the same times. */
function duesOf(task: LoadTask, [from, to]: readonly [number, number]): number[] {
  const { limit, segment = { index: 0, of: 1, startAt: Date.now() } } = task;
  const dues: number[] = [];
  let at = Math.max(Date.now(), segment.startAt);
  for (let sent = from; sent < to; sent++) {
    if (sent % segment.of === segment.index) dues.push(at);
    const isSlow = sent >= SLOW_ZONE[0] * limit && sent < SLOW_ZONE[1] * limit;
    at += isSlow ? slowMs(task) : fastMs(task);
  }
  return dues;
}
