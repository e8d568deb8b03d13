import {
  burstIntervalMs,
  edgeIntervalMs,
  edgeOf,
  MAX_BURST_QUOTAS,
  MAX_SEQUENTIAL_QUOTAS,
} from '../../timing.ts';
import type { LoadTask } from '../load-task.ts';
import { read } from '../requests/send.ts';
import { isThrottled } from '../trace.ts';
import { sendUntilThrottled } from './open-loop.ts';

/**
 * Sends a burst until a 429 was received.
 * @param range the first request of the burst and the one after the last, to send a part of it
 * @returns whether a 429 was received
 */
export function sendBurst(
  step: string,
  task: LoadTask,
  range: readonly [number, number] = [0, MAX_BURST_QUOTAS * task.limit],
): Promise<boolean> {
  return sendUntilThrottled(step, timesOf(task, range));
}

/**
 * Sends more than the quota one request after the other, so that they share one connection. This reveals a limiter of
 * connections. @returns whether a 429 was received
 */
export async function sendSequentially(step: string, { limit, windowMs }: LoadTask): Promise<boolean> {
  const until = Date.now() + windowMs;
  for (let sent = 0; sent < MAX_SEQUENTIAL_QUOTAS * limit && Date.now() < until; sent++) {
    if (isThrottled(await read(step, 'accept-or-limited'))) return true;
  }
  return false;
}

/** The times of a burst. If several processes share it, each sends its own part of the same requests. */
function timesOf(task: LoadTask, [from, to]: readonly [number, number]): number[] {
  const { segment = { index: 0, count: 1, startsAt: Date.now() } } = task;
  const [edgeStart, edgeEnd] = edgeOf(task.limit);
  const times: number[] = [];
  let time = Math.max(Date.now(), segment.startsAt);
  for (let sent = from; sent < to; sent++) {
    if (sent % segment.count === segment.index) times.push(time);
    const isAtEdge = sent >= edgeStart && sent < edgeEnd;
    time += isAtEdge ? edgeIntervalMs(task) : burstIntervalMs(task);
  }
  return times;
}
