import { Listr } from 'listr2';

import type { LayerTally } from './collector.ts';

/** `say` is worth a line anywhere; `tick` only where it replaces the one before. */
export interface Voice {
  say(text: string): void;
  tick(text: string): void;
}

const CLEAR_LINE = '\r\u001B[K';

/** Lines on a stream; texts that replace each other only where it is a terminal. */
export function voiceOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Voice {
  return {
    say: (text) => void stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text}\n` : `${text}\n`),
    tick: (text) => void (stream.isTTY === true && stream.write(`${CLEAR_LINE}${text}`)),
  };
}

/** For work that nobody watches. */
export const SILENT: Voice = { say: () => undefined, tick: () => undefined };

export interface ProgressTask {
  readonly title: string;
  /** Does the work and speaks while it lasts. Rejections are the caller's to catch. */
  readonly work: (voice: Voice) => Promise<LayerTally>;
}

/** Runs tasks one after the other: live on a terminal, a line at the start and the end of each elsewhere. */
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
