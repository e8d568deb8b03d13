import type { Code } from '../codes.ts';

/** The explanation of a finding for people who fix it. */
export interface Explanation {
  /** The check and the condition that it reports. */
  readonly meaning: string;
  /** The consequence for clients or operators. */
  readonly importance: string;
  readonly fix: string;
}

const KEY_MEANING = (difference: string): string =>
  `While the quota was exhausted, requests ${difference} were allowed, twice in a row.`;
const ONE_QUOTA_FIX = 'Count all requests of an OAuth client to one API version with the same key.';
const BYPASS = 'A client can exceed its quota without limit.';

/** The explanations of all codes. docs/findings.md is generated from this table. */
export const explanations: Record<Code, Explanation> = {
  'response.status.server-error': {
    meaning: 'The service answered 5xx. Gateway errors that a retry removes are not reported.',
    importance: 'The request was not processed, and the input may have reached code that does not expect it.',
    fix: 'Validate the input before it is processed and answer 400. The request in the report reproduces the error.',
  },
  'response.connection.lost': {
    meaning: 'The connection ended or timed out before a complete response, and so did the retry.',
    importance: 'The client cannot know whether the request was processed.',
    fix: 'Look for crashes, worker timeouts and limits of proxies at the time of the request.',
  },
  'response.body.leak': {
    meaning:
      'A response contains a stack trace, a file path, a database error or a secret. Successful responses are searched for secrets only, because their free text may contain anything else.',
    importance: 'Internal details help attackers, and secrets must be revoked.',
    fix: 'Return the documented error body and write the details to the log.',
  },
  'response.status.undocumented': {
    meaning: 'The operation does not document this status.',
    importance: 'Generated clients have no branch for it.',
    fix: 'Return a documented status, or add the status to the API description.',
  },
  'response.content-type.undocumented': {
    meaning: 'A response with a body is not `application/json`.',
    importance: 'Clients that select a parser by Content-Type cannot read the response.',
    fix: 'Set `Content-Type: application/json`, also for errors of gateways and proxies.',
  },
  'response.body.schema': {
    meaning: 'The response body does not match the documented schema of its status.',
    importance: 'Typed clients fail to parse the response or lose data.',
    fix: 'Correct the serialization of the named member.',
  },
  'response.body.repeated-member': {
    meaning: 'An object in a response has two members of the same name.',
    importance: 'Parsers keep the first value, the last value, or reject the response.',
    fix: 'Serialize each member once, for example a discriminator that is also a property.',
  },
  'response.header.repeated': {
    meaning: 'A header that has one value occurs more than once.',
    importance: 'Clients use the first or the last value, or join them to an invalid one.',
    fix: 'Set the header in one place: in the service or in the proxy.',
  },
  'response.www-authenticate.missing': {
    meaning: 'A 401 has no WWW-Authenticate header.',
    importance: 'HTTP requires it, and some clients need it to select an authentication scheme.',
    fix: 'Add `WWW-Authenticate: Bearer` to all 401 responses.',
  },
  'rate-limit.retry-after.unusable': {
    meaning:
      'A 429 has no Retry-After, or one that is not a positive number of seconds or a future HTTP date.',
    importance: 'Clients retry immediately or give up.',
    fix: 'Send one Retry-After header with whole seconds.',
  },
  'rate-limit.response.shape': {
    meaning: 'A 429 lacks the documented message, a Date header, or may be stored by caches.',
    importance: 'Clients cannot show the reason, and a cache may return the 429 after the recovery.',
    fix: 'Return the documented body with Date and `Cache-Control: no-store`.',
  },
  'rate-limit.threshold.absent': {
    meaning: 'A burst well above the quota received no 429.',
    importance: 'A single client can overload the service.',
    fix: 'Enable the rate limiter for this operation, OAuth client and version.',
  },
  'rate-limit.threshold.low': {
    meaning:
      'Requests within the documented quota were throttled, twice, or the window is longer than documented.',
    importance: 'Clients that respect the documented quota fail.',
    fix: 'Correct the limit or the window. If several nodes count separately, share their counters.',
  },
  'rate-limit.threshold.high': {
    meaning: 'More requests than documented were allowed in one window, twice.',
    importance: 'The limiter does not protect the service as planned.',
    fix: 'Correct the limit, count atomically, and check the change of windows and responses that are not 200.',
  },
  'rate-limit.retry-after.early': {
    meaning: 'A request after the announced time was throttled again.',
    importance: 'Clients that wait as told fail again.',
    fix: 'Round the remaining time up to whole seconds.',
  },
  'rate-limit.retry-after.late': {
    meaning: 'A request was allowed more than a second before the announced time.',
    importance: 'Clients wait longer than necessary.',
    fix: 'Announce the remaining time until the next permit.',
  },
  'rate-limit.recovery.absent': {
    meaning: 'Requests remained throttled for several windows without other load.',
    importance: 'A client that exceeded its quota once is blocked.',
    fix: 'Check that counters expire and that rejected requests do not restart them.',
  },
  'rate-limit.retry-after.receding': {
    meaning: 'The announced time moved into the future while the client waited.',
    importance: 'Clients that retry are blocked longer and longer.',
    fix: 'Do not extend the waiting time for rejected requests.',
  },
  'rate-limit.rejected-write.applied': {
    meaning: 'A later read returned a report that had been answered 429.',
    importance: 'Clients send the report again, and the order of reports is wrong.',
    fix: 'Reject the request before it is processed.',
  },
  'rate-limit.key.client': {
    meaning: 'While one OAuth client had exhausted its quota, requests of another one were throttled.',
    importance: 'One client can block all others.',
    fix: 'Include the OAuth client in the key of the limiter.',
  },
  'rate-limit.key.version': {
    meaning: 'While the quota of one API version was exhausted, requests to another version were throttled.',
    importance: 'Clients that use both versions have less than the documented quota.',
    fix: 'Include the API version in the key of the limiter.',
  },
  'rate-limit.key.token': {
    meaning: KEY_MEANING('with a new token of the same OAuth client'),
    importance: BYPASS,
    fix: 'Count by OAuth client instead of token.',
  },
  'rate-limit.key.operation': {
    meaning: KEY_MEANING('of the other operation'),
    importance: 'A client can send twice the documented quota.',
    fix: ONE_QUOTA_FIX,
  },
  'rate-limit.key.managed-client': {
    meaning: KEY_MEANING('for another managed client'),
    importance: 'The documented quota is exceeded by the number of managed clients.',
    fix: ONE_QUOTA_FIX,
  },
  'rate-limit.key.forwarded-for': {
    meaning: KEY_MEANING('with a forged X-Forwarded-For header'),
    importance: BYPASS,
    fix: 'Ignore X-Forwarded-For from clients.',
  },
  'rate-limit.key.forged-token': {
    meaning: 'Requests with an invalid signature reduced the quota of the OAuth client that the token names.',
    importance: 'Anybody can block a client without its credentials.',
    fix: 'Verify the token before counting the request.',
  },
  'rate-limit.key.connection': {
    meaning: KEY_MEANING('over a new connection'),
    importance: BYPASS,
    fix: ONE_QUOTA_FIX,
  },
  'rate-limit.headers.inconsistent': {
    meaning: 'RateLimit headers contradict the observed limit, window, remaining quota or Retry-After.',
    importance: 'Clients that adapt their rate to the headers are throttled or too slow.',
    fix: 'Derive the headers from the state of the limiter.',
  },
  'rate-limit.key.path': {
    meaning: KEY_MEANING('with a percent-encoded spelling of the path'),
    importance: BYPASS,
    fix: 'Normalize the path before counting.',
  },
  'request.invalid.accepted': {
    meaning: 'A request that violates the documented schema was answered 2xx.',
    importance: 'Invalid data is stored, and other clients read it.',
    fix: 'Validate the named member and answer 400.',
  },
  'request.invalid.wrong-4xx': {
    meaning: 'An invalid request was rejected with a status other than the documented one.',
    importance: 'Clients handle the error as a different problem.',
    fix: 'Answer 400 for invalid requests.',
  },
  'request.media.accepted': {
    meaning: 'A body with another media type than JSON was accepted.',
    importance: 'The service may parse data that the client did not mean as JSON.',
    fix: 'Check Content-Type and answer 400 or 415.',
  },
  'request.valid.rejected': {
    meaning: 'A request that matches the documentation was rejected.',
    importance: 'Correct clients cannot report or read a status.',
    fix: 'Accept the named value, or document the restriction.',
  },
  'request.id.accepted': {
    meaning: 'A request for an unknown managed client was answered 2xx.',
    importance: 'Reports for misspelt ids are lost, or create managed clients.',
    fix: 'Answer 404 for unknown managed clients.',
  },
  'request.id.wrong-status': {
    meaning: 'A request for an unknown managed client was not answered 404.',
    importance: 'Clients cannot distinguish a wrong id from other errors.',
    fix: 'Answer 404 for unknown managed clients, also if other parts of the request are invalid.',
  },
  'request.method.accepted': {
    meaning: 'A method that the API does not document was answered 2xx.',
    importance: 'Undocumented functions may bypass checks.',
    fix: 'Answer 405 for other methods.',
  },
  'auth.accepted': {
    meaning:
      'A request without a token, with an invalid token or without the necessary scope was answered 2xx.',
    importance: 'Anybody, or any client of another tenant, can read or change the status.',
    fix: 'Verify signature, expiry, tenant, scope and user context of every token.',
  },
  'auth.wrong-status': {
    meaning:
      'A request without authorization was rejected with a status other than 401 or 403, or a valid one was rejected.',
    importance: 'Clients do not renew their token, or renew it in vain.',
    fix: 'Answer 401 for missing or invalid tokens and 403 for missing rights.',
  },
  'auth.sporadic-401': {
    meaning: 'A valid token was rejected, and accepted for the same request before or after.',
    importance: 'Clients lose requests or request new tokens all the time.',
    fix: 'Compare the nodes: keys, clocks and caches of tokens.',
  },
  'state.echo.corrupted': {
    meaning: 'A read returned another value than the one that was written.',
    importance: 'The stored status is wrong, although the write succeeded.',
    fix: 'Store the body as it was received, without conversions of numbers, texts or members.',
  },
  'state.history.lost': {
    meaning: 'A read after an acknowledged write returned the status of another write.',
    importance: 'Reports disappear, although the client was told that they were stored.',
    fix: 'Acknowledge a write when it is durable, and order concurrent writes.',
  },
  'state.history.stale': {
    meaning: 'A read returned an older status than a previous read, or one that was older than tolerated.',
    importance: 'Monitoring shows a state that is over.',
    fix: 'Read from the primary, or limit the age of replicas and caches.',
  },
  'state.history.torn': {
    meaning: 'A read returned the body of one write with the timestamp of another.',
    importance: 'The combination was never true.',
    fix: 'Store and read the status atomically.',
  },
  'state.history.phantom': {
    meaning: 'A read returned a status that was not written for this managed client and type, or not yet.',
    importance: 'Data reaches other managed clients or types.',
    fix: 'Check the keys of storage and caches.',
  },
  'state.rejected-write.applied': {
    meaning: 'A write that was answered with an error changed the stored status.',
    importance: 'Invalid or unauthorized data is stored.',
    fix: 'Validate the whole request before anything is stored.',
  },
  'state.read.unstable': {
    meaning: 'Two reads without a write in between returned different statuses.',
    importance: 'Clients cannot decide which of them is true.',
    fix: 'Check replicas, caches, and values that are computed for each read.',
  },
  'request.equivalent.differs': {
    meaning: 'Two spellings of the same request were treated differently, such as another order of members.',
    importance: 'The result depends on the JSON library of the client.',
    fix: 'Parse the request completely before validating it.',
  },
  'load.status.unexpected': {
    meaning: 'Under load, a status other than 200 and 429 occurred repeatedly.',
    importance: 'The service fails before its rate limit protects it.',
    fix: 'Look for limits of connections, threads and upstream services.',
  },
  'load.latency': {
    meaning:
      'The 95th percentile of accepted requests is above the threshold of the scenario. The documentation promises no latency.',
    importance: 'Clients time out although their requests succeed.',
    fix: 'Profile the operation at the rate of the scenario.',
  },
  'contract.interaction.failed': {
    meaning: "Pact's verifier found a response that does not match the contract of a consumer.",
    importance: 'This consumer fails with the current version of the service.',
    fix: 'Restore the behaviour, or change the consumer first and publish its contract.',
  },
};
