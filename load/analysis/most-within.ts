/** The most times that any span holds which ends with one of them, that one included. Times and span in the same unit. */
export function mostWithin(times: readonly number[], span: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [index, end] of sorted.entries()) {
    while ((sorted[from] ?? end) <= end - span) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
