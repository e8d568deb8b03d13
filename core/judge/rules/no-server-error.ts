import { doubt, violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

const GATEWAY = [502, 503, 504];

/** A gateway between us and the service answers for itself: that is environment, not a finding. */
export const noServerError: Rule = {
  judge(subject) {
    const { status } = subject.response;
    if (status < 500 || subject.asked.expectation === 'failing') return [];
    if (GATEWAY.includes(status) && !subject.isFromOrigin) return [doubt('environment.gateway', { status })];
    return [
      violation('response.status.server-error', {
        site: subject.asked.cell?.group ?? '',
        details: { status },
      }),
    ];
  },
};
