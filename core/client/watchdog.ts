import type { Exchange } from '../index.ts';

/** The target has stopped answering, so that nothing more is sent. The message is a clause without a full stop. */
export class TargetStoppedError extends Error {
  override readonly name = 'TargetStoppedError';
}

/** After this number of consecutive requests without a response, one more request decides whether the target is lost. */
const MAX_UNANSWERED = 3;

export interface WatchdogOptions {
  readonly now: () => number;
  /** Sends a request that any server answers. */
  readonly probe: () => Promise<Exchange['answer']>;
}

/**
 * Notices that a target has stopped answering. Each unanswered request takes ten seconds, so a run against a target that
 * is gone would take minutes.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #sent = 0;
  #unanswered = 0;
  #probe: Promise<boolean> | undefined;
  #stopped: TargetStoppedError | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** @throws {TargetStoppedError} */
  requireTarget(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
  }

  /** @throws {TargetStoppedError} if the answer was the last of several that are missing */
  async observe(answer: Exchange['answer']): Promise<void> {
    this.#sent += 1;
    if (!isUnanswered(answer)) {
      this.#unanswered = 0;
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered < MAX_UNANSWERED) return;
    const isLost = await (this.#probe ??= this.#isLost());
    this.#probe = undefined;
    if (!isLost) return;
    const time = new Date(this.#options.now()).toISOString();
    this.#stopped ??= new TargetStoppedError(
      `the target stopped answering after ${this.#sent} requests at ${time}`,
    );
    throw this.#stopped;
  }

  async #isLost(): Promise<boolean> {
    const isLost = isUnanswered(await this.#options.probe());
    if (!isLost) this.#unanswered = 0;
    return isLost;
  }
}

function isUnanswered(answer: Exchange['answer']): boolean {
  return answer.kind === 'failure' && (answer.reason === 'timeout' || answer.reason === 'refused');
}
