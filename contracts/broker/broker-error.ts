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
  | 'broker.no-pact'
  | 'broker.no-pacticipant'
  | 'broker.no-version'
  | 'broker.unknown-environment'
  | 'broker.elsewhere';

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
  'broker.no-pacts': ({ url, provider }) =>
    `the broker ${url} selects no pacts for ${provider}: see --provider-name and --consumer-version-selectors`,
  'broker.no-broker': ({ url }) => `${url} is not a Pact broker`,
  'broker.certificate-file': ({ file, detail }) =>
    `SSL_CERT_FILE is ${file}, which is not readable (${detail})`,
  'broker.no-pact': ({ url }) => `the broker has no pact at ${url}`,
  'broker.no-pacticipant': ({ name }) => `the broker does not know ${name}`,
  'broker.no-version': ({ name, version }) =>
    `the broker has no version ${version} of ${name}: publish it first`,
  'broker.unknown-environment': ({ environment }) =>
    `the broker has no environment ${environment}: create it with "npx pact-broker create-environment --name ${environment}"`,
  'broker.elsewhere': ({ url }) =>
    `the links of the broker do not start with ${url}: set PACT_BROKER_BASE_URL to the address in its links`,
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
