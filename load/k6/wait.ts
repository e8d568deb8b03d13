/** Waits until a time on the clock; a time that is over returns at once. */
export async function waitUntil(time: number): Promise<void> {
  const left = time - Date.now();
  if (left > 0) await new Promise<void>((resolve) => setTimeout(resolve, left));
}
