import { headerValues } from '../../http/headers.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Headers with one value. The rule for Retry-After judges its own. */
const SINGLE = ['date', 'content-type', 'etag', 'last-modified', 'expires', 'age', 'location'];

/** A header that has one value occurs once (RFC 9110 §5.3). Clients that join the lines cannot read it. */
export const repeatedHeaders: Rule = {
  judge({ response: { headers, headerLines } }) {
    if (headerLines === 'joined') return [];
    return SINGLE.filter((name) => headerValues(headers, name).length > 1).map((name) =>
      violation('response.header.repeated', {
        site: name,
        details: { header: name, values: headerValues(headers, name).join(' | ') },
      }),
    );
  },
};
