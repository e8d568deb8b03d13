import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { DriverCommand } from './driver.ts';
import type { ConsumerName } from './sdk.ts';

const run = promisify(execFile);

type Env = Readonly<Record<string, string | undefined>>;

/** What stands in the way of a consumer on this machine. */
export class ToolchainMissingError extends Error {
  override readonly name = 'ToolchainMissingError';
}

/** The tool that a consumer's SDK is installed with, and how it is asked whether it is there. */
interface Toolchain {
  readonly probe: readonly [string, ...string[]];
  readonly missing: string;
}

const toolchains: Partial<Record<ConsumerName, Toolchain>> = {
  'python-sdk': { probe: ['python3', '-m', 'pip', '--version'], missing: 'there is no Python 3 with pip' },
  'go-sdk': { probe: ['go', 'version'], missing: 'there is no Go toolchain' },
};

/** Why a consumer's SDK cannot be driven on this machine; undefined where it can. */
export async function missingToolchain(consumer: ConsumerName, env: Env): Promise<string | undefined> {
  const toolchain = toolchains[consumer];
  if (toolchain === undefined) return undefined;
  const [command, ...args] = toolchain.probe;
  return run(command, args, { env }).then(
    () => undefined,
    () => toolchain.missing,
  );
}

/** In a pipeline, or where somebody says so, a missing toolchain is an error and no skip. */
export function areConsumersRequired(env: Env): boolean {
  const said = env['MCH_REQUIRE_CONSUMERS'];
  return said ? said === 'true' : isSet(env['CI']);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}

export interface SetUp {
  readonly env: Env;
  /** Is told what takes a while and happens once. */
  readonly onWork: (what: string) => void;
}

/**
 * Installs the Python SDK beside nothing else, as its hashes are pinned, in the user's cache.
 * @throws {ToolchainMissingError}
 */
export async function setUpPython({ env, onWork }: SetUp): Promise<DriverCommand> {
  await needs('python-sdk', env);
  const folder = join(import.meta.dirname, 'python');
  const requirements = join(folder, 'requirements.txt');
  const { stdout: version } = await run('python3', ['--version'], { env });
  const site = join(cacheFolder(env), `python-${await keyOf([requirements], version)}`);
  if (!existsSync(site)) {
    onWork('installing the Python SDK');
    const options = ['--require-hashes', '--only-binary', ':all:', '--no-compile', '--no-input', '-q'];
    await inPlace(site, (unfinished) =>
      run('python3', ['-m', 'pip', 'install', '--target', unfinished, ...options, '-r', requirements], {
        env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      }),
    );
  }
  return { command: 'python3', args: [join(folder, 'driver.py')], env: { ...env, PYTHONPATH: site } };
}

/**
 * Builds the driver of the Go SDK, pinned by go.sum, into the user's cache.
 * @throws {ToolchainMissingError}
 */
export async function setUpGo({ env, onWork }: SetUp): Promise<DriverCommand> {
  await needs('go-sdk', env);
  const folder = join(import.meta.dirname, 'go');
  const sources = ['go.mod', 'go.sum', 'main.go'].map((name) => join(folder, name));
  const binary = join(cacheFolder(env), `go-sdk-${await keyOf(sources, '')}`);
  if (!existsSync(binary)) {
    onWork('building the driver of the Go SDK');
    const args = ['build', '-C', folder, '-mod=readonly', '-trimpath', '-buildvcs=false'];
    await inPlace(binary, (unfinished) =>
      run('go', [...args, '-o', unfinished, '.'], {
        env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      }),
    );
  }
  return { command: binary, args: [], env };
}

async function needs(consumer: ConsumerName, env: Env): Promise<void> {
  const missing = await missingToolchain(consumer, env);
  if (missing !== undefined) throw new ToolchainMissingError(missing);
}

/** Makes a file or folder under another name first: one that is there is whole. */
async function inPlace(target: string, make: (unfinished: string) => Promise<unknown>): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const unfinished = `${target}.${randomUUID()}`;
  try {
    await make(unfinished);
    await rename(unfinished, target);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    const { stderr = '' } = cause as { stderr?: string };
    throw new ToolchainMissingError(`it could not be installed: ${stderr.trim().slice(-300)}`, { cause });
  }
}

async function keyOf(files: readonly string[], more: string): Promise<string> {
  const hash = createHash('sha256').update(more);
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

function cacheFolder(env: Env): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'managed-clients-harness');
}
