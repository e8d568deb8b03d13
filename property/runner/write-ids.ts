import { WRITE_ID_MEMBER, type ManagedClientStatus } from '../../core/index.ts';

/** Stands for the id of the run in write ids, so that a plan depends only on its seed. */
export const RUN_ID = '{run}';

/** Counts reports and gives each a write id and a timestamp of its own, one second after the previous one. */
export class WriteIds {
  readonly #prefix: string;
  readonly #epoch: number;
  #count = 0;

  /**
   * @param prefix distinguishes these writes from those of other suites with the same seed
   * @param epoch milliseconds before all timestamps; the timestamps of different suites must not overlap
   */
  constructor(prefix: string, epoch: number) {
    this.#prefix = prefix;
    this.#epoch = epoch;
  }

  /** Returns the report with the next write id and timestamp. */
  addTo(report: ManagedClientStatus): ManagedClientStatus {
    this.#count += 1;
    const timestamp = new Date(this.#epoch + this.#count * 1000).toISOString();
    const writeId = `${RUN_ID}-${this.#prefix}${this.#count}`;
    return { ...report, body: { ...report.body, [WRITE_ID_MEMBER]: writeId }, timestamp };
  }
}
