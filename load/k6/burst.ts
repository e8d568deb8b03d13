import { BURST } from './burst-plan.ts';
import { untilRefused } from './open-loop.ts';
import type { LoadTask } from './trace.ts';

/** Milliseconds between requests. A short window needs a faster burst: it has to be over well before the window is. */
const fastMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 150, (0.15 * windowMs) / limit);
// Around the limit the pace drops, so that the count of accepted requests is exact although answers take time.
const slowMs = ({ limit, windowMs }: LoadTask): number => Math.min(1000 / 45, (0.75 * windowMs) / limit);
const SLOW_ZONE = [0.8, 1.2] as const;

/** A burst from rest that ends when a 429 was received. @returns whether one was */
export function burst(phase: string, task: LoadTask): Promise<boolean> {
  return untilRefused(phase, duesOf(task));
}

/** Where processes share a burst, each sends its own of the same requests at the same times. */
function duesOf(task: LoadTask): number[] {
  const { limit, segment = { index: 0, of: 1, startAt: Date.now() } } = task;
  const dues: number[] = [];
  let at = Math.max(Date.now(), segment.startAt);
  for (let sent = 0; sent < BURST * limit; sent++) {
    if (sent % segment.of === segment.index) dues.push(at);
    const isSlow = sent >= SLOW_ZONE[0] * limit && sent < SLOW_ZONE[1] * limit;
    at += isSlow ? slowMs(task) : fastMs(task);
  }
  return dues;
}
