/** Counts the uses of a remembered result, which is verified again at use 1, 2, 4, 8 and so on. */
export class RecheckSchedule {
  #uses = 0;

  /** Counts one use. @returns whether the result is due to be verified */
  countUse(): boolean {
    this.#uses += 1;
    return Number.isInteger(Math.log2(this.#uses));
  }
}
