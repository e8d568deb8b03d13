import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders are named after the process that uses them: `mch-1234-AbCdEf`. */
const FOLDER_NAME = /^mch-(\d+)-[A-Za-z0-9]{6}$/;

const openFolders = new Set<string>();

/** Calls `use` with the path of a new folder that only this user can read, and removes the folder afterwards. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  if (openFolders.size === 0) process.once('exit', removeOpenFolders);
  const folder = mkdtempSync(join(tmpdir(), `mch-${process.pid}-`));
  openFolders.add(folder);
  try {
    return await use(folder);
  } finally {
    remove(folder);
    openFolders.delete(folder);
    if (openFolders.size === 0) process.removeListener('exit', removeOpenFolders);
  }
}

/** A second signal ends the process before the folders are removed. */
function removeOpenFolders(): void {
  for (const folder of openFolders) remove(folder);
}

/** Removes folders of processes that were killed. */
export function removeStaleFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(FOLDER_NAME.exec(name)?.[1] ?? process.pid);
    if (!isRunning(pid)) remove(join(tmpdir(), name));
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process of another user exists, but must not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A folder that cannot be removed is not a problem of the run. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It remains.
  }
}
