import type { Code, Details } from '../codes.ts';
import { wording, type Wording } from './wording.ts';

/** By scenario: the requests that exceeded the limit. */
const highTexts: Record<string, string> = {
  'exceed-quota': 'before the first 429',
  'concurrent-burst': 'in a burst of concurrent requests',
  'window-edge': 'within the duration of one window',
  'unserved-cost': 'in addition to requests that were answered 401 or 404',
};

/** By header field: the value that it contradicts. */
const expectedTexts: Record<string, string> = {
  limit: 'the documented limit,',
  window: 'the documented window in seconds,',
  remaining: 'a value that agrees with',
  reset: 'no later than Retry-After,',
};

const ONE_QUOTA = 'one quota for each OAuth client and API version';

/** Requests that differ in one attribute, while the quota is exhausted. */
const allowedRequests =
  (which: string) =>
  ({ allowed, sent }: Details): string =>
    `${allowed} of ${sent} requests ${which} were allowed while the quota was exhausted`;

/** The texts of findings about the rate limiter. */
export const rateLimitTexts: Record<Extract<Code, `rate-limit.${string}`>, Wording> = {
  'rate-limit.retry-after.unusable': wording(
    'Retry-After is unusable',
    ({ value, problem }) => (value === null ? 'no Retry-After' : `Retry-After: ${value} (${problem})`),
    'one Retry-After with whole seconds above 0, or an HTTP date later than Date',
  ),
  'rate-limit.response.shape': wording(
    '429 response is not as documented',
    ({ site }) => `no valid ${site}`,
    'a JSON object with a message, a Date header, and no permission to cache',
  ),
  'rate-limit.threshold.absent': wording(
    'rate limit is not enforced',
    ({ accepted, sent, elapsed }) => `${accepted} of ${sent} requests accepted in ${elapsed} s, no 429`,
    ({ quota }) => `429 above ${quota}`,
  ),
  'rate-limit.threshold.low': wording(
    'rate limit is below the documented quota',
    ({ accepted, scenario }) => `429 after ${accepted} accepted requests (${scenario})`,
    ({ quota }) => `${quota}`,
  ),
  'rate-limit.threshold.high': wording(
    'rate limit is above the documented quota',
    ({ accepted, scenario }) => `${accepted} requests accepted ${highTexts[String(scenario)]}`,
    ({ quota }) => `${quota}`,
  ),
  'rate-limit.retry-after.early': wording(
    'Retry-After is too short',
    ({ announced }) => `429 again after the announced ${announced} s`,
    'requests are allowed when Retry-After has passed',
  ),
  'rate-limit.retry-after.late': wording(
    'Retry-After is too long',
    ({ slack }) => `a request allowed ${slack} s before the announced time`,
    'Retry-After within a second of the first allowed request',
  ),
  'rate-limit.recovery.absent': wording(
    'rate limit does not recover',
    ({ waited }) => `still 429 after ${waited} s`,
    'requests are allowed when the window is over',
  ),
  'rate-limit.retry-after.receding': wording(
    'Retry-After grows while the caller waits',
    ({ first, later }) => `${first} s at first, ${later} s later in the same blocked period`,
    'a Retry-After that counts down',
  ),
  'rate-limit.rejected-write.applied': wording(
    'write rejected with 429 was applied',
    () => 'a later read shows a report that was answered 429',
    'a 429 changes nothing',
  ),
  'rate-limit.key.client': wording(
    'OAuth clients share one quota',
    ({ allowed, sent }) =>
      `${Number(sent) - Number(allowed)} of ${sent} requests of another OAuth client were throttled`,
    'a quota for each OAuth client',
  ),
  'rate-limit.key.version': wording(
    'API versions share one quota',
    ({ allowed, sent }) =>
      `${Number(sent) - Number(allowed)} of ${sent} requests to another API version were throttled`,
    'a quota for each API version',
  ),
  'rate-limit.key.token': wording(
    'a new token gets a new quota',
    allowedRequests('with another token of the same OAuth client'),
    ONE_QUOTA,
  ),
  'rate-limit.key.operation': wording(
    'reads and writes have separate quotas',
    allowedRequests('of the other operation'),
    ONE_QUOTA,
  ),
  'rate-limit.key.managed-client': wording(
    'managed clients have separate quotas',
    allowedRequests('for another managed client'),
    ONE_QUOTA,
  ),
  'rate-limit.key.forwarded-for': wording(
    'a forged X-Forwarded-For gets a new quota',
    allowedRequests('with another X-Forwarded-For'),
    ONE_QUOTA,
  ),
  'rate-limit.key.forged-token': wording(
    'requests with a forged token consume a quota',
    () => 'requests with a forged token count for the OAuth client that the token names',
    'only requests with a valid token of an OAuth client count for it',
  ),
  'rate-limit.key.connection': wording(
    'a new connection gets a new quota',
    allowedRequests('over new connections'),
    ONE_QUOTA,
  ),
  'rate-limit.headers.inconsistent': wording(
    'rate limit headers contradict the observed quota',
    ({ site, header }) => `${site} ${header}`,
    ({ site, expected }) => `${expectedTexts[String(site)]} ${expected}`,
  ),
  'rate-limit.key.path': wording(
    'an encoded path bypasses the quota',
    allowedRequests('with a percent-encoded path'),
    ONE_QUOTA,
  ),
};
