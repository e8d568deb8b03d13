export type BrokerProblem =
  | 'broker.unreachable'
  | 'broker.certificate'
  | 'broker.unauthorized'
  | 'broker.conflict'
  | 'broker.redirect'
  | 'broker.failing'
  | 'broker.no-pacts'
  | 'broker.no-broker'
  | 'broker.certificate-file'
  | 'broker.results'
  | 'broker.unknown-environment'
  | 'broker.elsewhere'
  | 'broker.tool';

type ProblemDetails = Readonly<Record<string, string | number>>;

const texts: Record<BrokerProblem, (details: ProblemDetails) => string> = {
  'broker.unreachable': ({ url, detail }) => `the broker ${url} does not respond (${detail})`,
  'broker.certificate': ({ url, detail }) =>
    `the certificate of ${url} is not trusted (${detail}): set SSL_CERT_FILE to the certificate of its authority`,
  'broker.unauthorized': ({ url, status }) =>
    `the broker ${url} rejects the credentials (${status}): set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD`,
  'broker.conflict': ({ reply }) =>
    `the broker has other contracts for this version (409: ${reply}): publish with a unique version`,
  'broker.redirect': ({ url, location }) =>
    `${url} redirects to ${location}: set PACT_BROKER_BASE_URL to the address of the broker`,
  'broker.failing': ({ url, status, reply }) => `the broker ${url} answered ${status} (${reply})`,
  'broker.no-pacts': ({ url, provider }) => `the broker ${url} has no pacts for ${provider}`,
  'broker.no-broker': ({ url }) => `${url} is not a Pact broker`,
  'broker.certificate-file': ({ file, detail }) =>
    `SSL_CERT_FILE is ${file}, which is not readable (${detail})`,
  'broker.results': ({ missing, of }) => `the broker did not accept ${missing} of ${of} results`,
  'broker.unknown-environment': ({ environment, reply }) =>
    `the broker has no environment ${environment} (${reply})`,
  'broker.elsewhere': ({ url }) =>
    `the links of the broker do not start with ${url}: set PACT_BROKER_BASE_URL to the address in its links`,
  'broker.tool': ({ problem }) => `Pact's broker client failed (${problem})`,
};

/** A request to the broker failed. The message is a clause without a full stop. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerProblem;

  constructor(code: BrokerProblem, details: ProblemDetails, options?: ErrorOptions) {
    super(texts[code](details), options);
    this.code = code;
  }
}
