const CELLS = 20;
const MEGABYTE = 1_000_000;

/** A progress bar as text: `[#####---------------] 25 % of 31 MB`; only the amount if the total is unknown. */
export function progressBar(doneBytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined) return `${(doneBytes / MEGABYTE).toFixed(1)} MB`;
  const share = totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const filled = Math.round(CELLS * share);
  const bar = '#'.repeat(filled) + '-'.repeat(CELLS - filled);
  return `[${bar}] ${Math.floor(100 * share)} % of ${(totalBytes / MEGABYTE).toFixed(0)} MB`;
}
