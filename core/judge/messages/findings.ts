import type { Code, Details } from '../codes.ts';
import type { ChangeKind } from '../relations/changes.ts';
import { rateLimitTexts } from './rate-limit-findings.ts';
import { wording, type FindingTexts, type Wording } from './wording.ts';

const status = ({ status }: Details): string => `status ${status}`;
const listed = ({ documented }: Details): string => `${documented}`;

/** The texts of all findings. Checks return data; only this table contains sentences. */
const texts: Record<Code, Wording> = {
  'response.status.server-error': wording('server error', status, 'a status below 500'),
  'response.connection.lost': wording(
    'connection lost without a response',
    ({ reason, detail }) => `${reason}: ${detail}`,
    'an HTTP response',
  ),
  'response.body.leak': wording(
    'response discloses internal details',
    ({ shape, text }) => `a text of the form ${shape}: ${text}`,
    'no internal details and no secrets in a response',
  ),
  'response.status.undocumented': wording('undocumented status', status, listed),
  'response.content-type.undocumented': wording(
    'undocumented content type',
    ({ status, contentType }) => `status ${status} with ${contentType ?? 'no Content-Type'}`,
    'application/json',
  ),
  'response.body.schema': wording(
    'response body does not match its schema',
    ({ problem, site, status }) => `${problemText(problem)} at ${site || 'the root'}, status ${status}`,
    'the schema of this status',
  ),
  'response.body.repeated-member': wording(
    'response body repeats a member name',
    ({ member, status }) => `${member} occurs twice in one object, status ${status}`,
    'each name once in an object',
  ),
  'response.header.repeated': wording(
    'response repeats a header',
    ({ header, values }) => `${header}: ${values}`,
    'one header with one value',
  ),
  'response.www-authenticate.missing': wording(
    '401 without WWW-Authenticate',
    () => 'no WWW-Authenticate header',
    'a WWW-Authenticate header',
  ),
  ...rateLimitTexts,
  'request.invalid.accepted': wording('invalid request accepted', status, listed),
  'request.invalid.wrong-4xx': wording('invalid request rejected with the wrong status', status, listed),
  'request.media.accepted': wording('unsupported media type accepted', status, listed),
  'request.valid.rejected': wording('valid request rejected', status, listed),
  'request.id.accepted': wording('unknown managed client accepted', status, listed),
  'request.id.wrong-status': wording('unknown managed client answered with the wrong status', status, listed),
  'request.method.accepted': wording('undocumented method accepted', status, listed),
  'auth.accepted': wording('request accepted without authorization', status, listed),
  'auth.wrong-status': wording('authorization check answered with the wrong status', status, listed),
  'auth.sporadic-401': wording(
    'valid token rejected intermittently',
    () => '401, and 200 for the same request before or after',
    '200 for every request with a valid token',
  ),
  'state.echo.corrupted': wording(
    'stored status differs from what was written',
    ({ change, site, wrote, read }) =>
      `${changeTexts[change as ChangeKind]} at ${site}: wrote ${wrote}, read ${read}`,
    'the value that was written',
  ),
  'state.history.lost': wording(
    'acknowledged write is lost',
    () => 'the status of another write',
    'the status of the last acknowledged write',
  ),
  'state.history.stale': wording(
    'read returns an outdated status',
    ({ age }) =>
      age === undefined
        ? 'an older status after a newer one had been read'
        : `a status that was ${Math.round(Number(age))} ms old`,
    'the latest acknowledged status',
  ),
  'state.history.torn': wording(
    'read mixes two writes',
    () => 'the body of one write with the timestamp of another',
    'the status of one write',
  ),
  'state.history.phantom': wording(
    'read returns a status that was not written',
    ({ kind }) =>
      kind === 'future' ? 'a status before it was written' : 'a status that was not written for this type',
    'a status that was written',
  ),
  'state.rejected-write.applied': wording(
    'rejected write changed the stored status',
    ({ status }) => `the write was answered ${status}, and the next read differs`,
    'no change',
  ),
  'state.read.unstable': wording(
    'reads differ without a write in between',
    ({ read }) => `another status at read ${read}`,
    'the same status until the next write',
  ),
  'request.equivalent.differs': wording(
    'equivalent requests are treated differently',
    ({ base, variant }) => `${base} for one spelling, ${variant} for the other`,
    'the same result for both',
  ),
  'load.status.unexpected': wording(
    'unexpected status under load',
    ({ status, count }) => `status ${status}, ${count} times`,
    '200, or 429 above the quota',
  ),
  'load.latency': wording(
    'responses are too slow under load',
    ({ p95, count, scenario }) => `p95 ${p95} ms over ${count} accepted requests (${scenario})`,
    ({ limit }) => `p95 below ${limit} ms`,
  ),
  'contract.interaction.failed': wording(
    'consumer contract is not met',
    ({ mismatch }) => `${mismatch}`,
    ({ interaction }) => `${interaction}`,
  ),
};

/** Problems of the parser in words; problems of the schema are words already. */
function problemText(problem: Details[string] | undefined): string {
  return problem === 'byte-order-mark' ? 'a byte order mark before the JSON text' : String(problem);
}

const changeTexts: Record<ChangeKind, string> = {
  fraction: 'another fraction of a second',
  'beyond-microseconds': 'other digits beyond microseconds',
  hours: 'a time shifted by hours',
  missing: 'nothing',
  merged: 'a member of an earlier write',
  type: 'a value of another type',
  number: 'another number',
  precision: 'the nearest double instead of the number',
  'array-length': 'an array of another length',
  'array-order': 'an array in another order',
  normalised: 'the text in another Unicode normalization form',
  trimmed: 'the text without leading or trailing spaces',
  truncated: 'only the beginning of the text',
  case: 'the text in another case',
  replaced: 'U+FFFD in the text',
  stripped: 'the text without its control characters',
  escaped: 'the text with HTML escapes',
  text: 'another value',
};

/** The texts of a finding. */
export function describeFinding(code: Code, details: Details): FindingTexts {
  return texts[code](details);
}
