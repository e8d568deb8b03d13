import { headerValue } from '../../http/headers.ts';
import { violation, type CheckResult } from '../check-result.ts';
import type { RuleInput } from '../rule-input.ts';
import type { Rule } from './rule.ts';

/**
 * A 429 has a `message` and a Date, and caches must not store it (RFC 6585 §4, RFC 9110 §6.6.1).
 * The published schema does not require this: `{}` matches it.
 */
export const rateLimitShape: Rule = {
  judge(input) {
    if (input.response.status !== 429) return [];
    return [...message(input), ...freshness(input)];
  },
};

function message({ json }: RuleInput): CheckResult[] {
  if (json.kind === 'unreadable') return []; // the rules for media type and schema judge this
  const { value } = json;
  const text = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return typeof text === 'string' && text.trim() !== '' ? [] : [incomplete('message')];
}

function freshness({ response: { headers } }: RuleInput): CheckResult[] {
  const results: CheckResult[] = [];
  if (headerValue(headers, 'date') === undefined) results.push(incomplete('date'));
  const storable = /max-age=[1-9]/.test(headerValue(headers, 'cache-control') ?? '');
  if (storable || headerValue(headers, 'age') !== undefined) results.push(incomplete('cache-control'));
  return results;
}

function incomplete(site: string): CheckResult {
  return violation('rate-limit.response.shape', { site, details: { site } });
}
