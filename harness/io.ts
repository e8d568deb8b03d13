import type { Environment } from '../core/node/index.ts';

export type { Environment };

/** The parts of the process that the command uses. Tests replace them. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  once(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Whether to print colours: on a terminal, unless NO_COLOR is set. */
export function wantsColour({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && !env['NO_COLOR'];
}

/** A signal that an interruption aborts. The work ends, and everything evaluated until then is reported. */
export function interruptSignal(io: Io): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  io.once('SIGINT', abort);
  io.once('SIGTERM', abort);
  return controller.signal;
}
