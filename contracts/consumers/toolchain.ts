import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { buildIntoCache, cacheFolder, contentKey, type Environment } from '../../core/node/index.ts';
import type { DriverCommand } from './driver.ts';
import type { ConsumerName } from './sdk.ts';

const run = promisify(execFile);

/** The SDK of a consumer cannot be installed on this machine. The message is a clause without a full stop. */
export class ToolchainMissingError extends Error {
  override readonly name = 'ToolchainMissingError';
}

/** The tool that installs an SDK, and the command that checks for it. */
interface Toolchain {
  readonly probe: readonly [string, ...string[]];
  readonly missing: string;
}

const toolchains: Partial<Record<ConsumerName, Toolchain>> = {
  'python-sdk': { probe: ['python3', '-m', 'pip', '--version'], missing: 'there is no Python 3 with pip' },
  'go-sdk': { probe: ['go', 'version'], missing: 'there is no Go toolchain' },
};

/** Why the SDK of a consumer cannot run on this machine; undefined if it can. */
export async function missingToolchain(
  consumer: ConsumerName,
  env: Environment,
): Promise<string | undefined> {
  const toolchain = toolchains[consumer];
  if (toolchain === undefined) return undefined;
  const [command, ...args] = toolchain.probe;
  return run(command, args, { env }).then(
    () => undefined,
    () => toolchain.missing,
  );
}

/** Whether a missing toolchain is an error: in a pipeline, or by MCH_REQUIRE_CONSUMERS. */
export function areConsumersRequired(env: Environment): boolean {
  const setting = env['MCH_REQUIRE_CONSUMERS'];
  return setting ? setting === 'true' : isSet(env['CI']);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}

export interface SdkSetUp {
  readonly env: Environment;
  /** Receives a description of slow work that happens once. */
  readonly onWork: (description: string) => void;
}

/**
 * Installs the Python SDK with pinned hashes into the cache.
 * @throws {ToolchainMissingError}
 */
export async function setUpPython({ env, onWork }: SdkSetUp): Promise<DriverCommand> {
  await requireToolchain('python-sdk', env);
  const folder = join(import.meta.dirname, 'python');
  const requirements = join(folder, 'requirements.txt');
  const { stdout: version } = await run('python3', ['--version'], { env });
  const site = join(cacheFolder(env), `python-${await contentKey([requirements], version)}`);
  if (!existsSync(site)) {
    onWork('installing the Python SDK');
    const options = ['--require-hashes', '--only-binary', ':all:', '--no-compile', '--no-input', '-q'];
    await install(site, (temporary) =>
      run('python3', ['-m', 'pip', 'install', '--target', temporary, ...options, '-r', requirements], {
        env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      }),
    );
  }
  return { command: 'python3', args: [join(folder, 'driver.py')], env: { ...env, PYTHONPATH: site } };
}

/**
 * Builds the driver of the Go SDK, pinned by go.sum, into the cache.
 * @throws {ToolchainMissingError}
 */
export async function setUpGo({ env, onWork }: SdkSetUp): Promise<DriverCommand> {
  await requireToolchain('go-sdk', env);
  const folder = join(import.meta.dirname, 'go');
  const sources = ['go.mod', 'go.sum', 'main.go'].map((name) => join(folder, name));
  const binary = join(cacheFolder(env), `go-sdk-${await contentKey(sources)}`);
  if (!existsSync(binary)) {
    onWork('building the driver of the Go SDK');
    const args = ['build', '-C', folder, '-mod=readonly', '-trimpath', '-buildvcs=false'];
    await install(binary, (temporary) =>
      run('go', [...args, '-o', temporary, '.'], {
        env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      }),
    );
  }
  return { command: binary, args: [], env };
}

async function requireToolchain(consumer: ConsumerName, env: Environment): Promise<void> {
  const missing = await missingToolchain(consumer, env);
  if (missing !== undefined) throw new ToolchainMissingError(missing);
}

async function install(target: string, build: (temporary: string) => Promise<unknown>): Promise<void> {
  await buildIntoCache(target, build).catch((cause: unknown) => {
    const { stderr = '' } = cause as { stderr?: string };
    throw new ToolchainMissingError(`the installation failed: ${stderr.trim().slice(-300)}`, { cause });
  });
}
