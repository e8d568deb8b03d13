/** The budget of a run is spent: what is left of its plan is not sent. */
export class BudgetSpentError extends Error {
  override readonly name = 'BudgetSpentError';
}

export interface BudgetLimits {
  readonly requests: number | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number | undefined;
}

/** Of a budget. */
export interface Share {
  readonly requests: number;
  readonly durationMs: number;
}

/** What a run may send, and until when. Everything that is sent takes from it, retries included. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  #sent = 0;

  constructor(limits: BudgetLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Is there a limit, and is there more left than what comes afterwards will take? */
  isLeft(afterwards: Share): boolean {
    const { requests, until } = this.#limits;
    if (requests === undefined && until === undefined) return false;
    return (
      this.#sent + afterwards.requests < (requests ?? Infinity) &&
      this.#now() + afterwards.durationMs < (until ?? Infinity)
    );
  }

  /**
   * @param durationMs what cannot be stopped under way takes so long
   * @throws {BudgetSpentError} where there is not so much left; nothing is taken then
   */
  take(requests = 1, durationMs = 0): void {
    const { requests: most, until } = this.#limits;
    if (most !== undefined && this.#sent + requests > most) {
      throw new BudgetSpentError(`the budget of ${most} requests is spent`);
    }
    if (until !== undefined && this.#now() + durationMs >= until)
      throw new BudgetSpentError('the time of the run is over');
    this.#sent += requests;
  }
}
