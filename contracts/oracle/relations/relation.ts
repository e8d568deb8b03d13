import type { Exchange } from '../../http/exchange.ts';
import type { Remark } from '../remark.ts';

/** A promise between exchanges, in the order they were sent. Silence means it was kept. */
export interface Relation {
  judge(exchanges: readonly Exchange[]): readonly Remark[];
}
