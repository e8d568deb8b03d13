import type { Code } from '../codes.ts';
import type { Details } from '../check-result.ts';
import { says, type Wording } from './wording.ts';

const seconds = (details: Details, key: string): string => `${details[key]} s`;

/** Which requests were too many. */
const phaseWords: Record<string, string> = {
  over: 'before the first 429',
  parallel: 'of those that came all at once',
  boundary: 'within the time of one window',
  charged: 'with some in between that were answered 401 or 404',
};

/** What headers are held against. */
const seenWords: Record<string, string> = {
  limit: 'the promised limit,',
  window: 'the promised window in seconds,',
  remaining: 'what was left, after',
  reset: 'the seconds of Retry-After,',
};

const ONE_QUOTA = 'one quota for each OAuth client and API version';

/** Requests that differ in one thing, while the quota is used up. */
const volleyWords =
  (which: string) =>
  (details: Details): string =>
    `${details['served']} of ${details['sent']} requests ${which} served while the quota was used up`;

/** The part of the table of words that is about limiters. */
export const rateLimitWords: Record<Extract<Code, `rate-limit.${string}`>, Wording> = {
  'rate-limit.retry-after.unusable': says(
    'Retry-After cannot be used',
    (details) =>
      details['value'] === null
        ? 'no Retry-After'
        : `Retry-After: ${details['value']} (${details['problem']})`,
    'one Retry-After, whole seconds above 0 or an HTTP date after Date',
  ),
  'rate-limit.response.shape': says(
    '429 is not as documented',
    (details) => `no proper ${details['site']}`,
    'a JSON object with a message, a Date, and not storable',
  ),
  'rate-limit.threshold.absent': says(
    'rate limit is not enforced',
    (details) =>
      `${details['accepted']} of ${details['sent']} requests accepted in ${seconds(details, 'elapsed')}, no 429`,
    (details) => `429 beyond ${details['quota']}`,
  ),
  'rate-limit.threshold.low': says(
    'rate limit comes too early',
    (details) => `429 after ${details['accepted']} accepted requests (${details['phase']})`,
    (details) => `${details['quota']}`,
  ),
  'rate-limit.threshold.high': says(
    'rate limit comes too late',
    (details) => `${details['accepted']} requests accepted ${phaseWords[String(details['phase'])]}`,
    (details) => `${details['quota']}`,
  ),
  'rate-limit.retry-after.early': says(
    'Retry-After promises too early',
    (details) => `429 again after the promised ${seconds(details, 'promised')}`,
    'served when Retry-After is over',
  ),
  'rate-limit.retry-after.late': says(
    'Retry-After promises too late',
    (details) => `served ${seconds(details, 'slack')} before the promised time`,
    'Retry-After within a second of the first accepted request',
  ),
  'rate-limit.recovery.absent': says(
    'service does not resume',
    (details) => `still 429 after ${seconds(details, 'waited')}`,
    'service resumes when the window is over',
  ),
  'rate-limit.retry-after.receding': says(
    'Retry-After grows while a client waits',
    (details) =>
      `${seconds(details, 'first')} at first, ${seconds(details, 'later')} in the same blocked time`,
    'Retry-After that counts down',
  ),
  'rate-limit.rejected-write.applied': says(
    'refused report stored',
    () => 'a report that was answered 429 shows in a later read',
    'a 429 changes nothing',
  ),
  'rate-limit.key.client': says(
    'OAuth clients share one quota',
    volleyWords('of another OAuth client'),
    'a quota for each OAuth client',
  ),
  'rate-limit.key.version': says(
    'API versions share one quota',
    volleyWords('to another API version'),
    'a quota for each API version',
  ),
  'rate-limit.key.token': says(
    'a fresh token brings a fresh quota',
    volleyWords('with another token of the same OAuth client'),
    ONE_QUOTA,
  ),
  'rate-limit.key.operation': says(
    'reads and reports have quotas of their own',
    volleyWords('that report'),
    ONE_QUOTA,
  ),
  'rate-limit.key.managed-client': says(
    'managed clients have quotas of their own',
    volleyWords('for another managed client'),
    ONE_QUOTA,
  ),
  'rate-limit.key.forwarded-for': says(
    'a made-up X-Forwarded-For brings a fresh quota',
    volleyWords('with another X-Forwarded-For'),
    ONE_QUOTA,
  ),
  'rate-limit.key.forged-token': says(
    'forged tokens use up a quota',
    () => 'requests with a forged token are counted for the client that it names',
    'only a client itself uses its quota up',
  ),
  'rate-limit.key.connection': says(
    'a fresh connection brings a fresh quota',
    volleyWords('over new connections'),
    ONE_QUOTA,
  ),
  'rate-limit.headers.inconsistent': says(
    'headers tell another quota than there is',
    (details) => `${details['site']} ${details['header']}`,
    (details) => `${seenWords[String(details['site'])]} ${details['seen']}`,
  ),
  'rate-limit.key.path': says(
    'another spelling of the path gets around the quota',
    volleyWords('with a percent-encoded path'),
    ONE_QUOTA,
  ),
};
