import { documentedResponse } from '../../api/operations.ts';
import { headerValues } from '../../http/headers.ts';
import { parseMediaType } from '../../http/media-type.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Every documented response is JSON. Parameters are free, except that JSON is UTF-8 (RFC 8259 §8.1). */
export const contentType: Rule = {
  judge({ operation, response: { status, headers } }) {
    if (operation === undefined || documentedResponse(operation, status) === undefined) return [];
    // The rule for repeated headers judges a value that is repeated identically.
    const values = [...new Set(headerValues(headers, 'content-type'))];
    if (values.length === 1 && isJson(values[0])) return [];
    return [
      violation('response.content-type.undocumented', {
        site: 'content-type',
        details: { status, contentType: values.join(' | ') || null },
      }),
    ];
  },
};

function isJson(value: string | undefined): boolean {
  const type = parseMediaType(value ?? '');
  const charset = type?.parameters.get('charset');
  return type?.essence === 'application/json' && (charset === undefined || /^utf-?8$/i.test(charset));
}
