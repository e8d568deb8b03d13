import type { LoadTask } from './trace.ts';

/** Waits until a burst begins, where that is said: at a moment that comes back with every window. */
export async function waitForTurn({ beginsAt, windowMs }: LoadTask): Promise<void> {
  if (beginsAt === undefined) return;
  const missed = Math.max(0, Math.ceil((Date.now() - beginsAt) / windowMs));
  await waitUntil(beginsAt + missed * windowMs);
}

/** Waits until a time on the clock; a time that is over returns at once. */
export async function waitUntil(time: number): Promise<void> {
  const left = time - Date.now();
  if (left > 0) await new Promise<void>((resolve) => setTimeout(resolve, left));
}
