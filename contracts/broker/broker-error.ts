/** What kept the broker from doing its part. */
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

type Details = Readonly<Record<string, string | number>>;

const sentences: Record<BrokerProblem, (details: Details) => string> = {
  'broker.unreachable': ({ url, detail }) => `the broker ${url} does not answer (${detail})`,
  'broker.certificate': ({ url, detail }) =>
    `the certificate of ${url} is not trusted (${detail}): give its authority as a file in SSL_CERT_FILE`,
  'broker.unauthorized': ({ url, status }) =>
    `the broker ${url} refuses the credentials (${status}): set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD`,
  'broker.conflict': ({ says }) =>
    `the broker has other contracts under this version (409: ${says}): publish under a version of its own`,
  'broker.redirect': ({ url, location }) =>
    `${url} redirects to ${location}: set PACT_BROKER_BASE_URL to where the broker is`,
  'broker.failing': ({ url, status, says }) => `the broker ${url} answered ${status} (${says})`,
  'broker.no-pacts': ({ url, provider }) => `the broker ${url} has no pacts for ${provider}`,
  'broker.no-broker': ({ url }) => `${url} does not answer as a Pact broker`,
  'broker.certificate-file': ({ file, detail }) =>
    `SSL_CERT_FILE is ${file}, which cannot be read (${detail})`,
  'broker.results': ({ missing, of }) => `${missing} of ${of} results did not arrive at the broker`,
  'broker.unknown-environment': ({ environment, says }) =>
    `the broker does not know the environment ${environment} (${says})`,
  'broker.elsewhere': ({ url }) =>
    `the links of the broker lead away from ${url}: set PACT_BROKER_BASE_URL to the address it gives itself`,
  'broker.tool': ({ problem }) => `Pact's broker client could not do it (${problem})`,
};

/** The broker, or Pact's tool for it, did not do what it was asked. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerProblem;

  constructor(code: BrokerProblem, details: Details, options?: ErrorOptions) {
    super(sentences[code](details), options);
    this.code = code;
  }
}
