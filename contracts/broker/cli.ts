import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { BrokerError } from './broker-error.ts';
import type { BrokerProxy } from './broker-proxy.ts';

export interface CliResult {
  readonly exitCode: number;
  /** Standard output and standard error, without colours. */
  readonly output: string;
}

export interface CliOptions {
  readonly proxy: BrokerProxy;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 120_000;

/**
 * Runs Pact's broker client with the broker proxy.
 * @throws {BrokerError} if the broker or the client failed
 */
export async function runBrokerClient(
  args: readonly string[],
  { proxy, env, signal }: CliOptions,
): Promise<CliResult> {
  const result = await execute([...args, '--broker-base-url', proxy.url], env, signal);
  const error = proxy.firstError();
  if (result.exitCode !== 0 && error !== undefined) throw error;
  return result;
}

/** The native program. Its JavaScript wrapper does not react to signals. */
function findClient(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@pact-foundation/pact-cli-${platform}-${process.arch}/package.json`;
  try {
    const cli = createRequire(import.meta.url).resolve('@pact-foundation/pact-cli/package.json');
    const folder = dirname(createRequire(cli).resolve(name));
    return join(folder, 'standalone', platform === 'windows' ? 'pact.exe' : 'pact');
  } catch (cause) {
    throw new BrokerError(
      'broker.tool',
      { problem: `there is no build for ${platform} ${process.arch}` },
      { cause },
    );
  }
}

function execute(args: readonly string[], env: CliOptions['env'], signal: AbortSignal): Promise<CliResult> {
  const options = {
    signal,
    timeout: TIMEOUT_MS,
    // No telemetry, no credentials, and no HTTP proxy in front of the broker proxy.
    env: {
      PATH: env['PATH'],
      HOME: env['HOME'],
      PACT_DO_NOT_TRACK: 'true',
      NO_PROXY: '127.0.0.1,localhost',
      NO_COLOR: '1',
    },
  };
  return new Promise((resolve, reject) => {
    execFile(findClient(), ['broker', ...args], options, (error, stdout, stderr) => {
      const output = withoutColours(`${stdout}${stderr}`);
      if (error === null) return resolve({ exitCode: 0, output });
      if (typeof error.code === 'number') return resolve({ exitCode: error.code, output });
      reject(new BrokerError('broker.tool', { problem: error.message }, { cause: error }));
    });
  });
}

/** Removes ANSI colours. */
function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g'), '').trim();
}
