import { operations, type Operation } from '../../api/operations.ts';
import { headerValues } from '../../http/headers.ts';
import { parseMediaType } from '../../http/media-type.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Every documented answer is JSON; parameters are free, but JSON is UTF-8 (RFC 8259 §8.1). */
export const contentType: Rule = {
  judge({ operation, response }) {
    if (operation === undefined) return [];
    const { responses }: Operation = operations[operation];
    if (responses[response.status] === undefined) return [];
    const values = headerValues(response.headers, 'content-type');
    if (values.length === 1 && isJson(values[0])) return [];
    return [
      violation('response.content-type.undocumented', {
        site: 'content-type',
        severity: response.status === 200 ? 'major' : 'minor',
        details: { status: response.status, contentType: values.join(' | ') || null },
      }),
    ];
  },
};

function isJson(value: string | undefined): boolean {
  const type = parseMediaType(value ?? '');
  const charset = type?.parameters.get('charset');
  return type?.essence === 'application/json' && (charset === undefined || charset.toLowerCase() === 'utf-8');
}
