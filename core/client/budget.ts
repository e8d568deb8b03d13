/** The budget of the run does not cover the next request. */
export class BudgetSpentError extends Error {
  override readonly name = 'BudgetSpentError';
}

export interface BudgetLimits {
  readonly requests: number | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number | undefined;
}

/** A part of a budget. */
export interface BudgetShare {
  readonly requests: number;
  readonly durationMs: number;
}

/** Counts the requests of a run against its limits, including retries. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  #sent = 0;

  constructor(limits: BudgetLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether the budget has a limit and more is left than `reserved`, which later layers will need. */
  isLeft(reserved: BudgetShare): boolean {
    const { requests, until } = this.#limits;
    if (requests === undefined && until === undefined) return false;
    return (
      this.#sent + reserved.requests < (requests ?? Infinity) &&
      this.#now() + reserved.durationMs < (until ?? Infinity)
    );
  }

  /** @throws {BudgetSpentError} if a wait would end after the time limit */
  requireTime(durationMs: number): void {
    this.take(0, durationMs);
  }

  /**
   * Books requests.
   * @param durationMs the duration of work that cannot be interrupted
   * @throws {BudgetSpentError} if too little is left; nothing is booked then
   */
  take(requests = 1, durationMs = 0): void {
    const { requests: limit, until } = this.#limits;
    if (limit !== undefined && this.#sent + requests > limit) {
      throw new BudgetSpentError(`the limit of ${limit} requests (--max-requests) is reached`);
    }
    if (until !== undefined && this.#now() + durationMs >= until) {
      throw new BudgetSpentError('the time limit (--max-duration) is reached');
    }
    this.#sent += requests;
  }
}
