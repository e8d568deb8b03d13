import { headerValue } from '../../http/headers.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** A 401 has a challenge (RFC 9110 §15.5.2). Many services omit it, so the severity is minor. */
export const wwwAuthenticate: Rule = {
  judge({ response: { status, headers } }) {
    if (status !== 401 || headerValue(headers, 'www-authenticate') !== undefined) return [];
    return [violation('response.www-authenticate.missing', { site: 'www-authenticate' })];
  },
};
