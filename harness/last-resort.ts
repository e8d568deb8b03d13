// Exit code 1 means findings, so an unexpected error must not end with it.
function exitAfterError(error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `mch: This is an error of the harness: ${problem}. Please report it with the command and the seed.\n`,
  );
  process.exit(3);
}

process.on('uncaughtException', exitAfterError);
process.on('unhandledRejection', exitAfterError);
// The reader of the output may end first: `mch run | head` still writes its report, and so does a run in a terminal that was
// closed.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
