import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** k6 has no limit for responses. With 150 users and small responses it needs 150 MB. */
export const MAX_MEMORY_MB = 450;

/** On a fast network a response without end needs a gigabyte per second. */
const INTERVAL_MS = 50;

/**
 * Watches the memory of a process until it ends or `signal` aborts. Only Linux tells it without another process, so k6 is
 * not watched elsewhere.
 * @returns whether the process needs more than the limit
 */
export async function needsTooMuchMemory(pid: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
    if (kib === undefined) return false;
    if (Number(kib) > MAX_MEMORY_MB * 1024) return true;
    await wait(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
