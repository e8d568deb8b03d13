import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { Handed, Question, Sdk } from './sdk.ts';

/** How an SDK's driver is started. */
export interface DriverCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * An SDK of another language: one process for all calls, a question and an answer as JSON on a line each.
 * Calls wait for each other. Rejects where the process ends or says something else.
 */
export function startDriver({ command, args, env }: DriverCommand): Sdk {
  const child = spawn(command, [...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the driver ${command} ended with exit code ${code}`)));
  });
  failed.catch(() => undefined); // heard by whoever is asking; nobody is, once it was closed
  child.stdin.on('error', () => undefined); // the end of the process says more
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let before: Promise<unknown> = Promise.resolve();

  async function ask(question: Question): Promise<Handed> {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done === true) return failed;
    return withoutNulls(JSON.parse(value) as Record<string, unknown>);
  }

  return {
    call(question) {
      const answered = before.then(() => ask(question));
      before = answered.catch(() => undefined);
      return answered;
    },
    async close() {
      child.stdin.end();
      const grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(grace);
    },
  };
}

/** A driver that waits for something is not waited for. */
const GRACE_MS = 2000;

/** Drivers write null for what their error does not hold; the value itself may be null. */
function withoutNulls(answer: Record<string, unknown>): Handed {
  const kept = Object.entries(answer).filter(([name, value]) => value !== null || name === 'value');
  return Object.fromEntries(kept) as Handed;
}
