import { CommanderError } from 'commander';

import { commandLine } from './command-line.ts';
import { environment, HarnessError } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** Runs the command line. @returns the exit code; neither exits nor throws */
export async function main(io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.clean;
  const program = commandLine(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...io.argv]);
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: Io): ExitCode {
  // Commander has already printed its message. Help and version are not errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  const problem = error instanceof Error ? error.message : String(error);
  const explained = error instanceof HarnessError ? error : environment('unexpected', { problem }, error);
  io.stderr.write(`mch: ${explained.message}\n`);
  return explained.kind === 'usage' ? exitCodes.usage : exitCodes.incomplete;
}
