import type { StateObstacle } from '../../api/states.ts';
import type { Code } from '../codes.ts';
import type { Details, DoubtCode, Notice, NoticeCode } from '../check-result.ts';
import type { ObstacleCode } from '../outcome.ts';
import { rateLimitWords } from './rate-limit-findings.ts';
import type { ChangeKind } from '../relations/changes.ts';
import { says, type Wording, type Words } from './wording.ts';

const status = (details: Details): string => `status ${details['status']}`;
const listed = (details: Details): string => `${details['documented']}`;

/** Every sentence about a finding. Rules carry data; this is the only place that has words for it. */
const findings: Record<Code, Wording> = {
  'response.status.server-error': says('server error', status, 'an answer below 500'),
  'response.connection.lost': says(
    'no answer',
    (details) => `${details['reason']}: ${details['detail']}`,
    'an HTTP response',
  ),
  'response.body.leak': says(
    'answer gives internals away',
    (details) => `a text of the shape ${details['shape']}`,
    'no internals or secrets in an answer',
  ),
  'response.status.undocumented': says('undocumented status', status, listed),
  'response.content-type.undocumented': says(
    'undocumented content type',
    (details) => `status ${details['status']} with ${details['contentType'] ?? 'no Content-Type'}`,
    'application/json',
  ),
  'response.body.schema': says(
    'body does not fit its schema',
    (details) => `${details['problem']} at ${details['site'] || 'the root'}, status ${details['status']}`,
    'the schema of this status',
  ),
  'response.www-authenticate.missing': says(
    '401 without a challenge',
    () => 'no WWW-Authenticate',
    'a WWW-Authenticate header',
  ),
  ...rateLimitWords,
  'request.invalid.accepted': says('invalid request accepted', status, listed),
  'request.invalid.wrong-4xx': says('invalid request answered otherwise', status, listed),
  'request.media.accepted': says('unsupported media type accepted', status, listed),
  'request.valid.rejected': says('valid request rejected', status, listed),
  'request.id.accepted': says('unknown managed client accepted', status, listed),
  'request.id.wrong-status': says('unknown managed client answered otherwise', status, listed),
  'request.method.accepted': says('undocumented method accepted', status, listed),
  'auth.accepted': says('request let in without the right to', status, listed),
  'auth.wrong-status': says('missing right answered otherwise', status, listed),
  'auth.sporadic-401': says(
    'valid token refused now and then',
    () => '401, and 200 before or after',
    'a valid token is served',
  ),
  'state.echo.corrupted': says(
    'stored status differs from what was written',
    (details) => `${changeWords[details['change'] as ChangeKind]} at ${details['site']}`,
    'what was written',
  ),
  'state.history.lost': says(
    'acknowledged write is not there',
    () => 'the status of another write',
    'the status that was just written',
  ),
  'state.history.stale': says(
    'read is older than it may be',
    (details) =>
      details['age'] === undefined
        ? 'an older status after a newer one had been read'
        : `a status ${Math.round(Number(details['age']))} ms old`,
    'the latest acknowledged status',
  ),
  'state.history.torn': says(
    'two writes torn into one',
    () => 'the body of one write with the timestamp of another',
    'the status of one write',
  ),
  'state.history.phantom': says(
    'read of what was not written',
    (details) =>
      details['kind'] === 'future'
        ? 'a status before it was written'
        : 'a status that was not written under this type',
    'a status that was written',
  ),
  'state.rejected-write.applied': says(
    'rejected write changed the status',
    (details) => `the write answered ${details['status']}, and the next read differs`,
    'nothing changes',
  ),
  'state.read.unstable': says(
    'reads change without a write',
    (details) => `another status at read ${details['read']}`,
    'one status until the next write',
  ),
  'request.equivalent.differs': says(
    'another spelling of the same request judged otherwise',
    (details) => `${details['base']} for one spelling, ${details['variant']} for the other`,
    'the same answer for the same request',
  ),
  'load.status.unexpected': says(
    'other answers than 200 and 429 under load',
    (details) => `status ${details['status']}, ${details['count']} times`,
    '200, or 429 beyond the quota',
  ),
  'load.latency': says(
    'too slow under load',
    (details) =>
      `p95 ${details['p95']} ms over ${details['count']} accepted requests (${details['scenario']})`,
    (details) => `p95 below ${details['limit']} ms`,
  ),
  'contract.interaction.failed': says(
    'consumer contract broken',
    (details) => `${details['mismatch']}`,
    (details) => `${details['interaction']}`,
  ),
};

const changeWords: Record<ChangeKind, string> = {
  missing: 'nothing',
  merged: 'a member of an earlier write',
  type: 'a value of another type',
  number: 'another number',
  precision: 'the nearest double instead of the number',
  'array-length': 'an array of another length',
  'array-order': 'an array in another order',
  normalised: 'the text in another Unicode form',
  trimmed: 'the text without its spaces',
  truncated: 'the beginning of the text',
  case: 'the text in another case',
  replaced: 'U+FFFD in the text',
  stripped: 'the text without its control characters',
  escaped: 'the text with HTML escapes',
  text: 'another value',
};

/** Title, received and documented of a finding, for people. */
export function describe(code: Code, details: Details): Words {
  return findings[code](details);
}

const doubtWords: Record<DoubtCode, (details: Details) => string> = {
  'environment.unauthorized': () => 'the token was refused (401)',
  'environment.forbidden': () => 'the token may not do this (403)',
  'environment.unknown-client': () => 'the managed client is not known to the target (404)',
  'environment.rate-limited': () => 'the rate limit answered instead of the service (429)',
  'environment.gateway': (details) => `a gateway answered instead of the service (${details['status']})`,
  'environment.unreachable': (details) => `the target does not answer (${details['detail']})`,
  'engine.body-replaced': () => 'the engine replaced bytes of the body that are no UTF-8',
  'load.pacing': (details) => `the load was not sent as planned (${details['why']})`,
  'load.quota-shared': () =>
    'one burst was refused too early and the next one was not: others use the same quota',
  'load.escalated': (details) =>
    `the target asks to wait ${details['seconds']} s: it blocks for longer, and was left alone`,
  'run.aborted': (details) => `not run, because ${details['why']}`,
  'broker.unpublished': (details) => `the results were not published: ${details['why']}`,
};

export function describeDoubt(code: DoubtCode, details: Details): string {
  return doubtWords[code](details);
}

const noticeWords: Record<NoticeCode, (details: Details) => string> = {
  'response.latency.outlier': ({ what, ms, limit }) =>
    `Slow three times out of three: ${what} took ${ms} ms or more; ${limit} ms are five times what its like take.`,
  'state.history.age': ({ age }) => `Reads were up to ${age} ms older than the latest write.`,
};

/** A notice as one sentence. */
export function describeNotice({ code, details }: Notice): string {
  return noticeWords[code](details);
}

const stateObstacles: Record<StateObstacle, string> = {
  'type-not-reported': 'the managed client never reported this type',
  'cannot-force-500': 'a service cannot be made to fail from outside',
  'cannot-make-clusters': 'clusters and their jobs cannot be made from outside',
  'cannot-revoke': 'a token cannot be revoked from outside',
  'no-other-tenant': 'the managed clients of other tenants are not known',
  'no-scopeless-principal': 'no principal is without the scope to read',
};

const obstacleWords: Record<ObstacleCode, (details: Readonly<Record<string, string>>) => string> = {
  'no-principal': (details) => `needs the ${details['principal']} principal`,
  'not-allowed': (details) => `needs --allow ${details['permission']}`,
  'unreachable-state': (details) =>
    `cannot be arranged on this target: ${stateObstacles[details['obstacle'] as StateObstacle]}`,
  'unknown-state': (details) => `there is no recipe for the state "${details['state']}"`,
  'results-withheld': (details) => `results are about whole pacts, and ${details['why']}`,
  'other-provider': (details) => `is about the provider ${details['provider']}`,
  'no-operation': (details) => `the API has no ${details['method']} ${details['path']}`,
  'unsupported-pact': () => 'is no HTTP interaction of a V4 pact',
  'budget-spent': (details) => `left out: ${details['why']}`,
  'ready-token': () => 'needs client credentials: a ready token cannot be minted anew',
  'no-second-client': () => 'needs --second-managed-client',
  'would-escalate': (details) =>
    `violates the quota in ${details['violations']} windows, for which a limiter may block for long`,
  'agrees-late': () => 'needs a service that agrees at once',
  'nothing-refused': () => 'needs a report that was refused, and none was',
  'counts-unclear': () => 'two bursts differ by a number that fits nothing that was sent',
  'key-not-asked': () => 'needs a quota that is used up, and there was no 429',
  'key-not-used-up': () => 'the limiter gave back before it was clear',
  'key-not-dialled': () => 'needs new connections, and k6 kept those that it had',
  'no-quota-headers': () => 'the target sends none',
  'quota-headers-unreadable': () => 'what the target sends is not to be read, or of other quotas',
  'bucket-gives-back': () => 'a bucket gives back as much while the requests come',
  'key-not-served': () => 'is not served here at all',
  'key-mixed': () => 'served and refused by turns',
  'no-state-endpoint': (details) => `needs a state endpoint, for "${details['state']}"`,
};

export function describeObstacle(code: ObstacleCode, details: Readonly<Record<string, string>>): string {
  return obstacleWords[code](details);
}
