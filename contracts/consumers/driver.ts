import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { Sdk, SdkCall, SdkResult } from './sdk.ts';

/** The command that starts the driver of an SDK. */
export interface DriverCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the driver of an SDK in another language: one process for all calls, which exchanges JSON lines. Calls run one
 * after the other. Calls reject if the process ends or writes something else.
 */
export function startDriver({ command, args, env }: DriverCommand): Sdk {
  const child = spawn(command, [...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the driver ${command} ended with exit code ${code}`)));
  });
  failed.catch(() => undefined); // without a pending call nobody awaits it
  child.stdin.on('error', () => undefined); // the end of the process is reported instead
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let previous: Promise<unknown> = Promise.resolve();

  async function exchange(call: SdkCall): Promise<SdkResult> {
    child.stdin.write(`${JSON.stringify(call)}\n`);
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done === true) return failed;
    return withoutNulls(JSON.parse(value) as Record<string, unknown>);
  }

  return {
    call(call) {
      const result = previous.then(() => exchange(call));
      previous = result.catch(() => undefined);
      return result;
    },
    async close() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), MAX_CLOSE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

const MAX_CLOSE_MS = 2000;

/** Drivers write null for missing parts of an error. The value of a call may itself be null. */
function withoutNulls(result: Record<string, unknown>): SdkResult {
  const kept = Object.entries(result).filter(([name, value]) => value !== null || name === 'value');
  return Object.fromEntries(kept) as SdkResult;
}
