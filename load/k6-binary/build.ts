import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Env = Readonly<Record<string, string | undefined>>;

/** Go could not build k6. The message is a clause without a full stop. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

export async function hasGo(env: Env): Promise<boolean> {
  return run('go', ['version'], { env }).then(
    () => true,
    () => false,
  );
}

/** Names a build by the versions that go into it: another go.sum is another k6. */
export async function buildKey(module: string): Promise<string> {
  const sums = await readFile(join(module, 'go.sum'));
  return createHash('sha256').update(sums).digest('hex').slice(0, 16);
}

/**
 * Builds the k6 that a Go tool module pins. Takes one to four minutes.
 * @param target path of the binary in the cache, which never holds an incomplete file
 * @throws {BuildError}
 */
export async function buildK6(module: string, target: string, env: Env): Promise<void> {
  const unfinished = `${target}.${randomUUID()}`;
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  const args = ['build', '-C', module, ...flags, '-o', unfinished, 'go.k6.io/k6/v2'];
  try {
    await mkdir(dirname(target), { recursive: true });
    await run('go', args, { env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' } });
    await rename(unfinished, target);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new BuildError(`Go could not build k6 (${lastLineOf(cause)})`, { cause });
  }
}

function lastLineOf(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return stderr.trim().split('\n').at(-1) || message;
}
