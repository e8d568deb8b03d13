export type Severity = 'critical' | 'major' | 'minor';

/** From worst to least. */
export const severities: readonly Severity[] = ['critical', 'major', 'minor'];

export interface CodeEntry {
  /** Unless the rule knows better for the answer at hand. */
  readonly severity: Severity;
  /** Where the promise stands. */
  readonly source: string;
}

const REFERENCE = 'API reference';
const RATE_LIMIT = 'SailPoint documentation, rate limits';
const AUTHORIZATION = 'SailPoint documentation, authorization';

/** Every code a finding can carry. Codes are never renamed: baselines, JUnit types and docs refer to them. */
export const codes = {
  'response.status.server-error': { severity: 'critical', source: 'RFC 9110 §15.6' },
  'response.connection.lost': { severity: 'critical', source: 'RFC 9112 §9' },
  'response.body.leak': { severity: 'major', source: 'CWE-209' },
  'response.status.undocumented': { severity: 'minor', source: `${REFERENCE}, responses` },
  'response.content-type.undocumented': { severity: 'minor', source: `${REFERENCE}, responses` },
  'response.body.schema': { severity: 'minor', source: `${REFERENCE}, schemas` },
  'response.www-authenticate.missing': { severity: 'minor', source: 'RFC 9110 §15.5.2' },
  'rate-limit.retry-after.unusable': { severity: 'major', source: 'RFC 9110 §10.2.3; API reference, 429' },
  'rate-limit.response.shape': { severity: 'minor', source: `RFC 6585 §4; ${REFERENCE}, 429` },
  'rate-limit.threshold.absent': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.threshold.low': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.threshold.high': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.retry-after.early': { severity: 'major', source: 'RFC 9110 §10.2.3; API reference, 429' },
  'rate-limit.retry-after.late': { severity: 'major', source: 'RFC 9110 §10.2.3; API reference, 429' },
  'rate-limit.recovery.absent': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.retry-after.receding': { severity: 'major', source: 'API reference, 429' },
  'rate-limit.rejected-write.applied': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.client': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.version': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.token': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.operation': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.managed-client': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.forwarded-for': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.forged-token': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.key.connection': { severity: 'major', source: RATE_LIMIT },
  'rate-limit.headers.inconsistent': {
    severity: 'minor',
    source: 'draft-ietf-httpapi-ratelimit-headers-10',
  },
  'rate-limit.key.path': { severity: 'major', source: RATE_LIMIT },
  'request.invalid.accepted': { severity: 'major', source: `${REFERENCE}, 400` },
  'request.invalid.wrong-4xx': { severity: 'major', source: `${REFERENCE}, 400` },
  'request.media.accepted': { severity: 'minor', source: `${REFERENCE}, request body` },
  'request.valid.rejected': { severity: 'major', source: `${REFERENCE}, schemas` },
  'request.id.accepted': { severity: 'major', source: `${REFERENCE}, 404` },
  'request.id.wrong-status': { severity: 'major', source: `${REFERENCE}, 404` },
  'request.method.accepted': { severity: 'major', source: REFERENCE },
  'auth.accepted': { severity: 'critical', source: AUTHORIZATION },
  'auth.wrong-status': { severity: 'major', source: `${REFERENCE}, 401 and 403` },
  'auth.sporadic-401': { severity: 'major', source: `${REFERENCE}, 401` },
  'state.echo.corrupted': { severity: 'major', source: REFERENCE },
  'state.history.lost': { severity: 'major', source: REFERENCE },
  'state.history.stale': { severity: 'major', source: REFERENCE },
  'state.history.torn': { severity: 'major', source: REFERENCE },
  'state.history.phantom': { severity: 'major', source: REFERENCE },
  'state.rejected-write.applied': { severity: 'major', source: `${REFERENCE}, 400` },
  'state.read.unstable': { severity: 'minor', source: REFERENCE },
  'request.equivalent.differs': { severity: 'major', source: 'RFC 8259 §1; RFC 9110 §8.3' },
  'load.status.unexpected': { severity: 'major', source: `${REFERENCE}, responses` },
  'load.latency': { severity: 'major', source: 'threshold of the scenario' },
  'contract.interaction.failed': { severity: 'major', source: 'consumer contract' },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
