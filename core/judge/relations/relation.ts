import type { Exchange } from '../../http/exchange.ts';
import type { CellNote } from '../request-intent.ts';
import type { Remark } from '../check-result.ts';

/** A promise between exchanges, in the order they were sent. Silence means it was kept. */
export interface Relation {
  /** @param cell what the last of the exchanges bends, where it bends anything */
  judge(exchanges: readonly Exchange[], cell?: CellNote): readonly Remark[];
}
