import { Listr } from 'listr2';

import type { LayerTally } from './collector.ts';

/** Receives messages, and progress texts that replace each other on a terminal. */
export interface Progress {
  say(text: string): void;
  tick(text: string): void;
}

const CLEAR_LINE = '\r\u001B[K';

/** Writes messages as lines to a stream, and progress texts only to a terminal. */
export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Progress {
  return {
    say: (text) => void stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text}\n` : `${text}\n`),
    tick: (text) => void (stream.isTTY === true && stream.write(`${CLEAR_LINE}${text}`)),
  };
}

export const noProgress: Progress = { say: () => undefined, tick: () => undefined };

export interface ProgressTask {
  readonly title: string;
  /** Must not reject. */
  readonly work: (progress: Progress) => Promise<LayerTally>;
}

/** Runs tasks in order. Shows live progress on a terminal, otherwise a line at the start and the end of each task. */
export async function runWithProgress(tasks: readonly ProgressTask[], isTerminal: boolean): Promise<void> {
  const list = new Listr(
    tasks.map(({ title, work }) => ({
      title,
      task: async (_: unknown, task: { title: string; output: string }) => {
        const say = (text: string): void => {
          task.output = text;
        };
        const tally = await work({ say, tick: isTerminal ? say : () => undefined });
        task.title = `${title}: ${tally.evaluated} of ${tally.attempted} evaluated`;
      },
    })),
    { renderer: isTerminal ? 'default' : 'simple', concurrent: false, registerSignalListeners: false },
  );
  await list.run();
}
