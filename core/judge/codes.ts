export type Severity = 'critical' | 'major' | 'minor';

/** From the most to the least severe. */
export const severities: readonly Severity[] = ['critical', 'major', 'minor'];

export type Detail = string | number | boolean | null;
/** The data of a violation or an inconclusive check, from which its texts are made. */
export type Details = Readonly<Record<string, Detail>>;

interface SeverityException {
  readonly severity: Severity;
  /** For the documentation, as the end of a sentence: `if the status is 200`. */
  readonly when: string;
  readonly applies: (details: Details) => boolean;
}

export interface CodeEntry {
  readonly severity: Severity;
  readonly exception?: SeverityException;
  /** The document that defines the requirement. */
  readonly source: string;
}

const REFERENCE = 'API reference';
const RATE_LIMIT = 'SailPoint documentation, rate limits';
const AUTHORIZATION = 'SailPoint documentation, authorization';

const majorIfOk: SeverityException = {
  severity: 'major',
  when: 'if the status is 200',
  applies: ({ status }) => status === 200,
};

/** Every code that a finding can have. Codes are never renamed: baselines, JUnit types and the docs refer to them. */
export const codes = {
  'response.status.server-error': { severity: 'critical', source: 'RFC 9110 §15.6' },
  'response.connection.lost': { severity: 'critical', source: 'RFC 9112 §9' },
  'response.body.leak': {
    severity: 'major',
    exception: {
      severity: 'critical',
      when: 'if it is a secret',
      applies: ({ isSecret }) => isSecret === true,
    },
    source: 'CWE-209',
  },
  'response.status.undocumented': {
    severity: 'minor',
    exception: {
      severity: 'major',
      when: 'if the status is below 400',
      applies: ({ status }) => Number(status) < 400,
    },
    source: `${REFERENCE}, responses`,
  },
  'response.content-type.undocumented': {
    severity: 'minor',
    exception: majorIfOk,
    source: `${REFERENCE}, responses`,
  },
  'response.body.schema': { severity: 'minor', exception: majorIfOk, source: `${REFERENCE}, schemas` },
  'response.body.repeated-member': { severity: 'major', source: 'RFC 8259 §4' },
  'response.header.repeated': { severity: 'minor', source: 'RFC 9110 §5.3' },
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
  'request.valid.rejected': {
    severity: 'major',
    exception: {
      severity: 'minor',
      when: 'if RFC 3339 lets a service reject the value',
      applies: ({ isOptional }) => isOptional === true,
    },
    source: `${REFERENCE}, schemas`,
  },
  'request.id.accepted': { severity: 'major', source: `${REFERENCE}, 404` },
  'request.id.wrong-status': { severity: 'major', source: `${REFERENCE}, 404` },
  'request.method.accepted': { severity: 'major', source: REFERENCE },
  'auth.accepted': { severity: 'critical', source: AUTHORIZATION },
  'auth.wrong-status': { severity: 'major', source: `${REFERENCE}, 401 and 403` },
  'auth.sporadic-401': { severity: 'major', source: `${REFERENCE}, 401` },
  'state.echo.corrupted': {
    severity: 'major',
    exception: {
      severity: 'minor',
      when: 'if a number lost only digits that a double cannot hold, or a timestamp only digits beyond microseconds',
      applies: ({ change }) => change === 'precision' || change === 'beyond-microseconds',
    },
    source: REFERENCE,
  },
  'state.history.lost': { severity: 'major', source: REFERENCE },
  'state.history.stale': {
    severity: 'major',
    exception: {
      severity: 'minor',
      when: 'if the service is eventually consistent',
      applies: ({ age }) => age !== undefined,
    },
    source: REFERENCE,
  },
  'state.history.torn': { severity: 'major', source: REFERENCE },
  'state.history.phantom': { severity: 'major', source: REFERENCE },
  'state.rejected-write.applied': { severity: 'major', source: `${REFERENCE}, 400` },
  'state.read.unstable': { severity: 'minor', source: REFERENCE },
  'request.equivalent.differs': { severity: 'major', source: 'RFC 8259 §1; RFC 9110 §8.3' },
  'load.status.unexpected': { severity: 'major', source: `${REFERENCE}, responses` },
  'load.latency': { severity: 'major', source: 'threshold of the scenario' },
  'contract.interaction.failed': {
    severity: 'major',
    exception: {
      severity: 'minor',
      when: 'if the pact is pending',
      applies: ({ isPending }) => isPending === true,
    },
    source: 'consumer contract',
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;

/** The severity of a violation with these details. */
export function severityOf(code: Code, details: Details): Severity {
  const { severity, exception }: CodeEntry = codes[code];
  return exception?.applies(details) === true ? exception.severity : severity;
}
