import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { buildIntoCache, type Environment } from '../../core/node/index.ts';

const run = promisify(execFile);

/** Go could not build k6. The message is a clause without a full stop. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

export async function hasGo(env: Environment): Promise<boolean> {
  return run('go', ['version'], { env }).then(
    () => true,
    () => false,
  );
}

/**
 * Builds the k6 that a Go tool module pins. Takes one to four minutes.
 * @param target path of the binary in the cache
 * @throws {BuildError}
 */
export async function buildK6(module: string, target: string, env: Environment): Promise<void> {
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  await buildIntoCache(target, (temporary) => {
    const args = ['build', '-C', module, ...flags, '-o', temporary, 'go.k6.io/k6/v2'];
    return run('go', args, { env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' } });
  }).catch((cause: unknown) => {
    throw new BuildError(`Go could not build k6 (${lastLineOf(cause)})`, { cause });
  });
}

function lastLineOf(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return stderr.trim().split('\n').at(-1) || message;
}
