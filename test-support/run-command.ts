import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from '@jest/globals';

import type { Report } from '../harness/reports/report.ts';
import type { CommandRequest, CommandResponse } from './command-worker.ts';

export interface CommandRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if the command wrote none. */
  readonly report: Report | undefined;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const BACKGROUND_PRIORITY = 10;

/** A process that runs commands. Jest's module system would slow them down. */
export class CommandWorker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mch-run-'));
  readonly #pending = new Map<number, (response: CommandResponse) => void>();
  readonly #process: ChildProcess;
  #count = 0;

  /** @param isBackground leaves the processor to other tests */
  constructor({ isBackground = false } = {}) {
    this.#process = fork(join(import.meta.dirname, 'command-worker.ts'), {
      cwd: this.#folder,
      env: cleanEnvironment(),
      execArgv: [],
      // The progress of a run is written to stdout of the process.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const { pid } = this.#process;
    if (isBackground && pid !== undefined) setPriority(pid, BACKGROUND_PRIORITY);
    this.#process.on('message', (response: CommandResponse) => this.#pending.get(response.id)?.(response));
    this.#process.on('exit', (code) => {
      const response = { exitCode: -1, stdout: '', stderr: `the worker ended with exit code ${code}` };
      for (const [id, resolve] of this.#pending) resolve({ id, ...response });
    });
  }

  /** Runs a command as a pipeline does, with a reports folder of its own. */
  async run(
    args: readonly string[],
    { env = {}, cwd = this.#folder }: CommandOptions = {},
  ): Promise<CommandRun> {
    const id = this.#count++;
    const reports = join(this.#folder, `reports-${id}`);
    const hasReports = args.includes('--reports') || !/^(run|replay)$/.test(args[0] ?? '');
    const request: CommandRequest = {
      id,
      args: hasReports ? args : [...args, '--reports', reports],
      env: { ...cleanEnvironment(), NO_COLOR: '1', ...env },
      cwd,
    };
    const { exitCode, stdout, stderr } = await new Promise<CommandResponse>((resolve) => {
      this.#pending.set(id, resolve);
      this.#process.send(request);
    });
    this.#pending.delete(id);
    return { exitCode, stdout, stderr, report: readReport(join(reports, 'report.json')) };
  }

  close(): void {
    this.#process.removeAllListeners('exit');
    this.#process.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

let worker: CommandWorker | undefined;
afterAll(() => worker?.close());

/** Runs a command in the worker of the test file. */
export function runCommand(args: readonly string[], options?: CommandOptions): Promise<CommandRun> {
  worker ??= new CommandWorker();
  return worker.run(args, options);
}

/** Starts a command in a process of its own, for tests of signals and output streams. */
export function spawnCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof spawn> {
  return spawn(process.execPath, [join(import.meta.dirname, '..', 'harness', 'bin.ts'), ...args], {
    env: { ...cleanEnvironment(), ...env },
  });
}

const RUN_IN_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
const WITH_SIZE = ['/bin/sh', '-c', 'stty cols 80 rows 24; exec "$@"', 'sh'];

/** Starts a command in a terminal, whose input is stdin of the process. Needs Python. */
export function spawnCommandInTerminal(args: readonly string[]): ReturnType<typeof spawn> {
  const command = [process.execPath, join(import.meta.dirname, '..', 'harness', 'bin.ts'), ...args];
  return spawn('python3', ['-c', RUN_IN_TERMINAL, ...WITH_SIZE, ...command], { env: cleanEnvironment() });
}

/** The environment of the tests without variables that select a target or credentials. */
function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SAIL_|MCH_(?!K6_MIRROR)|PACT_|K6_|CI$|NODE_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(kept);
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
