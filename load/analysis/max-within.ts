/** The largest number of times in any span that ends with one of them, including it. All values have the same unit. */
export function maxWithin(times: readonly number[], span: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  let max = 0;
  for (const [index, end] of sorted.entries()) {
    while ((sorted[from] ?? end) <= end - span) from += 1;
    max = Math.max(max, index - from + 1);
  }
  return max;
}
