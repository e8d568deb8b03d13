import { documentedResponse, operations } from '../../api/operations.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** The status is documented. The rule for server errors judges 5xx. */
export const documentedStatus: Rule = {
  judge({ operation, response: { status } }) {
    if (operation === undefined || documentedResponse(operation, status) !== undefined) return [];
    if (status >= 500) return [];
    const documented = Object.keys(operations[operation].responses).join(', ');
    return [
      violation('response.status.undocumented', { site: String(status), details: { status, documented } }),
    ];
  },
};
