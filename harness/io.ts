/** What the program takes from its process; tests give another one. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  once(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Colours where a person looks, unless NO_COLOR says otherwise. */
export function wantsColour({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && !env['NO_COLOR'];
}

/** Aborts at Ctrl-C: what is under way stops, and what was evaluated is reported. */
export function interruptSignal(io: Io): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  io.once('SIGINT', abort);
  io.once('SIGTERM', abort);
  return controller.signal;
}
