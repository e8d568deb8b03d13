import { headerValue } from '../../http/headers.ts';
import { violation, type Remark } from '../check-result.ts';
import type { Subject } from '../rule-input.ts';
import type { Rule } from './rule.ts';

/**
 * A 429 explains itself in `message`, has a Date and must not be stored (RFC 6585 §4, RFC 9110 §6.6.1).
 * The published schema cannot see this: `{}` conforms to it.
 */
export const rateLimitShape: Rule = {
  judge(subject) {
    if (subject.response.status !== 429) return [];
    return [...message(subject), ...freshness(subject)];
  },
};

function message({ json }: Subject): Remark[] {
  if (json.kind === 'unreadable') return []; // content-type and body-schema speak
  const { value } = json;
  const text = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return typeof text === 'string' && text.trim() !== '' ? [] : [misshapen('message')];
}

function freshness({ response: { headers } }: Subject): Remark[] {
  const remarks: Remark[] = [];
  if (headerValue(headers, 'date') === undefined) remarks.push(misshapen('date'));
  const storable = /max-age=[1-9]/.test(headerValue(headers, 'cache-control') ?? '');
  if (storable || headerValue(headers, 'age') !== undefined) remarks.push(misshapen('cache-control'));
  return remarks;
}

function misshapen(site: string): Remark {
  return violation('rate-limit.response.shape', { site, details: { site } });
}
