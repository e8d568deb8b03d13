import type { LoadTask } from '../load-task.ts';

/** Waits until a time in milliseconds since the epoch. Returns immediately if it has passed. */
export async function waitUntil(time: number): Promise<void> {
  const left = time - Date.now();
  if (left > 0) await new Promise<void>((resolve) => setTimeout(resolve, left));
}

/** Waits for the start of a burst. If it has passed, waits for the same time of a later window. */
export async function waitForStart({ startsAt, windowMs }: LoadTask): Promise<void> {
  if (startsAt === undefined) return;
  const missedWindows = Math.max(0, Math.ceil((Date.now() - startsAt) / windowMs));
  await waitUntil(startsAt + missedWindows * windowMs);
}
