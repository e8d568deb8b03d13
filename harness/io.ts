import type { Environment } from '../core/node/index.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

export type { Environment };

/** The parts of the process that the command uses. Tests replace them. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  on(event: InterruptSignal, listener: () => void): unknown;
  exit(code: ExitCode): void;
}

/** HUP comes from a terminal that was closed. */
const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type InterruptSignal = (typeof interruptSignals)[number];

/** Whether to print colours: on a terminal, unless NO_COLOR is set. */
export function wantsColour({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && !env['NO_COLOR'];
}

/**
 * A signal that an interruption aborts. The work ends, and everything evaluated until then is reported. A second
 * interruption ends the process.
 * @param beforeExit called at the second interruption, to write what is known
 */
export function interruptSignal(io: Io, beforeExit: () => void = () => undefined): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (!controller.signal.aborted) return controller.abort();
    beforeExit();
    io.exit(exitCodes.incomplete);
  };
  for (const name of interruptSignals) io.on(name, interrupt);
  return controller.signal;
}
