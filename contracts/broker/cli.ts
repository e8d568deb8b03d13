import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Door } from './broker-proxy.ts';
import { BrokerError } from './broker-error.ts';

export interface CliAnswer {
  readonly exitCode: number;
  /** What the tool printed, both streams, without colours. */
  readonly output: string;
}

export interface CliOptions {
  readonly door: Door;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const LIMIT_MS = 120_000;

/**
 * Runs Pact's own broker client through the door.
 * @throws {BrokerError} where the broker could not be asked, or the client could not be run
 */
export async function runBrokerClient(
  args: readonly string[],
  { door, env, signal }: CliOptions,
): Promise<CliAnswer> {
  const answer = await execute([...args, '--broker-base-url', door.url], env, signal);
  const trouble = door.trouble();
  if (answer.exitCode !== 0 && trouble !== undefined) throw trouble;
  return answer;
}

/** The program itself and not its wrapper, which could not be ended: it waits for the program without hearing anything. */
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
      { problem: `there is none for ${platform} ${process.arch}` },
      { cause },
    );
  }
}

function execute(args: readonly string[], env: CliOptions['env'], signal: AbortSignal): Promise<CliAnswer> {
  const options = {
    signal,
    timeout: LIMIT_MS,
    // No telemetry, no credentials, and no proxy between the client and the door.
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
      const output = plain(`${stdout}${stderr}`);
      if (error === null) return resolve({ exitCode: 0, output });
      if (typeof error.code === 'number') return resolve({ exitCode: error.code, output });
      reject(new BrokerError('broker.tool', { problem: error.message }, { cause: error }));
    });
  });
}

/** Without the marks that a terminal would show as colours. */
function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g'), '').trim();
}
