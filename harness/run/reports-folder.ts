import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { isRunning } from '../../core/node/index.ts';
import { HarnessError, usage } from '../errors.ts';
import { problemOf, reportFiles } from '../reports/index.ts';

const LOCK_FILE = '.mch-lock';

/**
 * Checks that the reports can be written, and reserves the folder for this process while `use` runs.
 * @param others names of other files in the folder
 * @throws {HarnessError} of kind usage
 */
export async function withReportsFolder<T>(
  folder: string,
  others: readonly string[],
  use: () => Promise<T>,
): Promise<T> {
  const release = await openFolder(folder, others);
  try {
    return await use();
  } finally {
    release();
  }
}

async function openFolder(folder: string, others: readonly string[]): Promise<() => void> {
  const probe = join(folder, '.write-test');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
    for (const name of [...reportFiles, ...others]) await checkFile(join(folder, name));
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw usage('reports.unwritable', { folder, problem: problemOf(error) });
  }
}

/** Two runs at the same time would mix their reports. */
function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK_FILE);
  const own = `${process.pid} ${hostname()}`;
  const [pid, host] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  // The number of a process means something only on its own machine. A container may use the same number again.
  const isHeld = host === hostname() && Number(pid) !== process.pid && isRunning(Number(pid));
  if (isHeld) throw usage('reports.in-use', { folder, pid: Number(pid) });
  writeFileSync(file, own);
  const release = (): void => {
    process.removeListener('exit', release);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  return release;
}

/** An existing file must be writable. */
async function checkFile(path: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  await file?.close();
}
