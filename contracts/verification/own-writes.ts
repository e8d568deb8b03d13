import { isDeepStrictEqual } from 'node:util';

import { readJson, type Exchange } from '../../core/index.ts';
import type { RequestSpec, Send, Timer } from '../../core/client/index.ts';
import type { RecordSent } from './quota-exhaustion.ts';

export interface OwnWritesOptions {
  readonly send: Send;
  readonly timer: Timer;
  readonly signal: AbortSignal;
}

/** As long as the property layer waits. */
const MAX_WAIT_MS = 5000;
const FIRST_PAUSE_MS = 20;

/** The members that every service returns as they were written. A timestamp may have another offset. */
const COMPARED = ['body', 'status', 'type'] as const;

/** Waits until reads return what a set-up wrote, because a service may be eventually consistent. */
export class OwnWrites {
  readonly #options: OwnWritesOptions;
  #isWaiting = true;

  constructor(options: OwnWritesOptions) {
    this.#options = options;
  }

  /**
   * Repeats a read until it returns the written report. If that takes too long, the service changes what it stores, and
   * later calls do not wait.
   * @param written JSON text
   */
  async waitFor(written: string, read: RequestSpec, record: RecordSent): Promise<void> {
    const { send, timer, signal } = this.#options;
    if (!this.#isWaiting) return;
    const until = timer.now() + MAX_WAIT_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      const result = await send(read);
      record({ spec: read, result });
      if (isReport(result.exchange, written)) return;
      if (timer.now() + pauseMs > until) break;
      await timer.wait(pauseMs, signal);
    }
    this.#isWaiting = false;
  }
}

function isReport({ answer }: Exchange, written: string): boolean {
  if (answer.kind !== 'response' || answer.status !== 200) return false;
  const reading = readJson(answer.body);
  if (reading.kind !== 'value') return false;
  const [sent, received] = [JSON.parse(written), reading.value].map(asReport);
  return COMPARED.every((name) => isDeepStrictEqual(sent?.[name], received?.[name]));
}

function asReport(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
