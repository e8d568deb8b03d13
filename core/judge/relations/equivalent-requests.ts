import type { HttpFailure, HttpResponse } from '../../http/exchange.ts';
import { violation } from '../check-result.ts';
import type { Relation } from './relation.ts';

/** One request in two spellings that mean the same: a service that takes one and refuses the other reads more than JSON. */
export const equivalent: Relation = {
  judge([base, variant], cell) {
    const [first, second] = [verdictOf(base?.answer), verdictOf(variant?.answer)];
    if (first === undefined || second === undefined || first.isTaken === second.isTaken) return [];
    const details = { base: first.status, variant: second.status };
    return [violation('request.equivalent.differs', { site: cell?.group ?? '', details })];
  },
};

interface Verdict {
  readonly isTaken: boolean;
  readonly status: number;
}

/** Was a report taken or refused? Other answers say nothing of it. */
function verdictOf(answer: HttpResponse | HttpFailure | undefined): Verdict | undefined {
  if (answer?.kind !== 'response') return undefined;
  const { status } = answer;
  const isTaken = status >= 200 && status < 300;
  return isTaken || [400, 413, 415, 422].includes(status) ? { isTaken, status } : undefined;
}
