// Exit code 1 means findings, so that no crash may end with it: one sentence, and 3.
function giveUp(error: unknown): void {
  process.stderr.write(
    `mch: This should not happen: ${error instanceof Error ? error.message : String(error)}.\n`,
  );
  process.exit(3);
}

process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);
// Whoever reads our output may stop reading: `mch run | head` still writes its report.
process.stdout.on('error', () => undefined);
