// Runs commands of the harness in this process, which saves the start of Node for each of them.
import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';

import { main } from '../harness/main.ts';
import type { Io } from '../harness/io.ts';

export interface CommandRequest {
  readonly id: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. It affects all commands of the worker that run at the same time. */
  readonly cwd?: string;
}

export interface CommandResponse {
  readonly id: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runRequest({ id, args, env, cwd }: CommandRequest): Promise<CommandResponse> {
  if (cwd !== undefined) process.chdir(cwd);
  const output = { stdout: '', stderr: '' };
  const stderr = new PassThrough();
  stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const io: Io = {
    argv: [process.execPath, 'mch', ...args],
    env,
    stdout: { write: (text) => (output.stdout += text) },
    stderr,
    stdin: Readable.from([]),
    on: (event, listener) => new EventEmitter().on(event, listener),
    exit: () => undefined,
  };
  const exitCode = await main(io);
  return { id, exitCode, ...output };
}

process.on('message', (request: CommandRequest) => {
  void runRequest(request).then((response) => process.send?.(response));
});
