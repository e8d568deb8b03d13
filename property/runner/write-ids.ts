import { MARKER, type ManagedClientStatus } from '../../core/index.ts';
import { NONCE } from './test-case.ts';

/**
 * Makes reports that can be told apart: each has a mark in its body and an instant of its own, a second after the one
 * before. Epochs and names of a run lie apart, so that no write of another phase is taken for one of these.
 */
export class Marks {
  readonly #name: string;
  readonly #epoch: number;
  #count = 0;

  /**
   * @param name tells these writes from those of other phases with the same seed
   * @param epoch milliseconds, before the instants of all of them
   */
  constructor(name: string, epoch: number) {
    this.#name = name;
    this.#epoch = epoch;
  }

  /** @returns the report with its mark and instant */
  mark(report: ManagedClientStatus): ManagedClientStatus {
    this.#count += 1;
    const timestamp = new Date(this.#epoch + this.#count * 1000).toISOString();
    const mark = `${NONCE}-${this.#name}${this.#count}`;
    return { ...report, body: { ...report.body, [MARKER]: mark }, timestamp };
  }
}
