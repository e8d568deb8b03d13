import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder for tools that are installed once: `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'managed-clients-harness');
}

/** A key that changes with the content of the files: 16 hexadecimal digits. */
export async function contentKey(files: readonly string[], salt = ''): Promise<string> {
  const hash = createHash('sha256').update(salt);
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Builds a file or folder under a temporary name and renames it at the end, so that the cache never contains an
 * incomplete entry.
 * @throws whatever `build` throws, after removing the temporary files
 */
export async function buildIntoCache(
  target: string,
  build: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const temporary = `${target}.${randomUUID()}`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await build(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}
