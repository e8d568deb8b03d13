import type { Exchange } from '../../http/exchange.ts';
import type { CheckResult } from '../check-result.ts';
import type { MutationInfo } from '../request-intent.ts';

/** A requirement on several exchanges, in the order in which they were sent. Returns nothing if they meet it. */
export interface Relation {
  /** @param mutation the mutation of the last request, if it has one */
  judge(exchanges: readonly Exchange[], mutation?: MutationInfo): readonly CheckResult[];
}
