import { headerValue, headerValues } from '../../http/headers.ts';
import { parseRetryAfter } from '../../http/retry-after.ts';
import { violation, type CheckResult } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Clients do not wait longer than an hour. SailPoint's longest announced tier is 1200 s. */
const MAX_RETRY_AFTER_S = 3600;

/** A 429 has exactly one Retry-After, which a client can use. */
export const retryAfter: Rule = {
  judge({ response }) {
    if (response.status !== 429) return [];
    const values = headerValues(response.headers, 'retry-after');
    const [value] = values;
    if (value === undefined) return [unusable('missing', null)];
    if (values.length > 1 || (response.headerLines === 'joined' && isJoined(value)))
      return [unusable('repeated', values.join(', '))];
    const parsed = parseRetryAfter(value, headerValue(response.headers, 'date'));
    if (parsed === undefined) return [unusable('unreadable', value)];
    if (parsed.seconds === undefined) return [unusable('date-without-date', value)];
    if (parsed.seconds <= 0) return [unusable('not-positive', value)];
    if (parsed.seconds > MAX_RETRY_AFTER_S) return [unusable('too-long', value)];
    return [];
  },
};

/** Whether the HTTP client joined two values by a comma. A single HTTP date also contains one. */
function isJoined(value: string): boolean {
  return value.includes(',') && value.split(',').every((part) => /^\s*\d+\s*$/.test(part));
}

function unusable(problem: string, value: string | null): CheckResult {
  return violation('rate-limit.retry-after.unusable', { site: problem, details: { problem, value } });
}
