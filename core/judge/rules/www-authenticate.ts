import { headerValue } from '../../http/headers.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** RFC 9110 §15.5.2: a 401 MUST carry a challenge. Widely violated, so minor. */
export const wwwAuthenticate: Rule = {
  judge({ response: { status, headers } }) {
    if (status !== 401 || headerValue(headers, 'www-authenticate') !== undefined) return [];
    return [violation('response.www-authenticate.missing', { site: 'www-authenticate' })];
  },
};
