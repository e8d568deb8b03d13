/** Waits for a moment that comes back with every window. */
export async function waitForTurn(at: number, windowMs: number): Promise<void> {
  const missed = Math.max(0, Math.ceil((Date.now() - at) / windowMs));
  await waitUntil(at + missed * windowMs);
}

/** Waits until a time on the clock; a time that is over returns at once. */
export async function waitUntil(time: number): Promise<void> {
  const left = time - Date.now();
  if (left > 0) await new Promise<void>((resolve) => setTimeout(resolve, left));
}
