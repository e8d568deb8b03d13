import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** There is no usable k6, and none could be built. */
export class K6MissingError extends Error {
  override readonly name = 'K6MissingError';
}

export interface K6Options {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the Go tool module that pins k6. */
  readonly module: string;
  /** Is told when k6 has to be built, which takes minutes. */
  readonly onBuild: () => void;
}

/**
 * Finds k6: `K6_BIN`, a `k6` on the PATH from 2.0 on, the one built earlier, or builds the pinned one with Go.
 * @returns its path
 * @throws {K6MissingError} with a sentence that says what to do
 */
export async function resolveK6({ env, module, onBuild }: K6Options): Promise<string> {
  const named = env['K6_BIN'];
  if (named !== undefined && named !== '') {
    if (await isUsable(named)) return named;
    throw new K6MissingError(`K6_BIN is ${named}, which is no k6 from 2.0 on`);
  }
  const onPath = findOnPath(`k6${SUFFIX}`, env['PATH'] ?? '');
  if (onPath !== undefined && (await isUsable(onPath))) return onPath;
  const cached = await cachePath(module, env);
  if (existsSync(cached)) return cached;
  return build({ env, module, onBuild }, cached);
}

/** `k6 version --json` answers in 0.1 s; whatever does not is no k6. */
async function isUsable(binary: string): Promise<boolean> {
  try {
    const { stdout } = await run(binary, ['version', '--json'], { timeout: 10_000 });
    const { version } = JSON.parse(stdout) as { version?: string };
    return Number(/^v(\d+)\./.exec(version ?? '')?.[1]) >= 2;
  } catch {
    return false;
  }
}

function findOnPath(name: string, path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Another go.sum is another k6. */
async function cachePath(module: string, env: K6Options['env']): Promise<string> {
  const sums = await readFile(join(module, 'go.sum'));
  const key = createHash('sha256').update(sums).digest('hex').slice(0, 16);
  const cache = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'managed-clients-harness', `k6-${key}${SUFFIX}`);
}

async function build({ env, module, onBuild }: K6Options, target: string): Promise<string> {
  const go = await run('go', ['version'], { env }).catch(() => undefined);
  if (go === undefined) {
    throw new K6MissingError(
      'there is no k6 and no Go to build it: install k6 2.x or Go 1.26, or set K6_BIN',
    );
  }
  onBuild();
  await mkdir(join(target, '..'), { recursive: true });
  const unfinished = `${target}.${randomUUID()}`;
  const args = [
    'build',
    '-C',
    module,
    '-trimpath',
    '-buildvcs=false',
    '-ldflags=-s -w',
    '-o',
    unfinished,
    'go.k6.io/k6/v2',
  ];
  await run('go', args, { env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' } }).catch(
    (cause: unknown) => {
      throw new K6MissingError('Go could not build k6: see `npm run k6` for what it says', { cause });
    },
  );
  await rename(unfinished, target);
  return target;
}
