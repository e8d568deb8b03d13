import { operations, type Operation } from '../../api/operations.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Some 4xx are right by HTTP and still not in the document (415, 422): minor. */
export const documentedStatus: Rule = {
  judge({ operation, response: { status } }) {
    if (operation === undefined) return [];
    const { responses }: Operation = operations[operation];
    if (responses[status] !== undefined) return [];
    if (status >= 500) return []; // no-server-error speaks
    return [
      violation('response.status.undocumented', {
        site: String(status),
        severity: status >= 400 ? 'minor' : 'major',
        details: { status, documented: Object.keys(responses).join(', ') },
      }),
    ];
  },
};
