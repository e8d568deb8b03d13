import type { HttpFailure, HttpResponse } from '../../http/exchange.ts';
import { CONTENT_REJECTIONS, isSuccess } from '../../http/status.ts';
import { violation } from '../check-result.ts';
import type { Relation } from './relation.ts';

/** Two spellings of one request are both accepted or both rejected. */
export const equivalentRequests: Relation = {
  judge([base, variant], mutation) {
    const [first, second] = [decisionOf(base?.answer), decisionOf(variant?.answer)];
    if (first === undefined || second === undefined || first.isAccepted === second.isAccepted) return [];
    const details = { base: first.status, variant: second.status };
    return [violation('request.equivalent.differs', { site: mutation?.fingerprintClass ?? '', details })];
  },
};

interface Decision {
  readonly isAccepted: boolean;
  readonly status: number;
}

/** Whether the content was accepted or rejected; undefined for responses that are about something else. */
function decisionOf(answer: HttpResponse | HttpFailure | undefined): Decision | undefined {
  if (answer?.kind !== 'response') return undefined;
  const { status } = answer;
  const isAccepted = isSuccess(status);
  return isAccepted || CONTENT_REJECTIONS.includes(status) ? { isAccepted, status } : undefined;
}
