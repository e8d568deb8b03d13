import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packagePaths } from '../package-paths.ts';
import type { Report } from '../reports/report.ts';

export interface ChildRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The report, where one was written. */
  readonly report: Report | undefined;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Where it is run; a folder of its own if not given. */
  readonly cwd?: string;
}

/** Test support: runs the built command in a process of its own, as a pipeline does, with a reports folder of its own. */
export async function runInChild(args: readonly string[], options: ChildOptions = {}): Promise<ChildRun> {
  const folder = mkdtempSync(join(tmpdir(), 'mch-run-'));
  const reports = join(folder, 'reports');
  const withReports =
    args.includes('--reports') || !/^(run|replay)$/.test(args[0] ?? '')
      ? args
      : [...args, '--reports', reports];
  try {
    const output = await execute(withReports, options, options.cwd ?? folder);
    return { ...output, report: readReport(join(reports, 'report.json')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment of the tests without what would choose a target or credentials. */
function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SAIL_|MCH_(?!K6_MIRROR)|PACT_|K6_|CI$)/.test(name),
  );
  return Object.fromEntries(kept);
}

function execute(
  args: readonly string[],
  { env, timeoutMs = 120_000 }: ChildOptions,
  cwd: string,
): Promise<Omit<ChildRun, 'report'>> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [packagePaths.command, ...args],
      { cwd, timeout: timeoutMs, env: { ...cleanEnvironment(), NO_COLOR: '1', ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exitCode: code, stdout, stderr });
      },
    );
  });
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
