import { headerValue, headerValues } from '../../http/headers.ts';
import { parseRetryAfter } from '../../http/retry-after.ts';
import { violation, type Remark } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** Longer than an hour is no waiting time a client could keep; SailPoint's longest announced tier is 1200 s. */
const LONGEST_S = 3600;

/** A 429 carries exactly one Retry-After that a client can act on. Engines that join lines show a comma. */
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
    if (parsed.seconds > LONGEST_S) return [unusable('too-long', value)];
    return [];
  },
};

/** Two values that the engine joined into one line; an HTTP date has a comma of its own. */
function isJoined(value: string): boolean {
  return value.includes(',') && value.split(',').every((part) => /^\s*\d+\s*$/.test(part));
}

function unusable(problem: string, value: string | null): Remark {
  return violation('rate-limit.retry-after.unusable', { site: problem, details: { problem, value } });
}
