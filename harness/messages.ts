export type MessageData = Readonly<Record<string, string | number>>;
type Message = (data: MessageData) => string;

const message = <Code extends string>(table: Record<Code, Message>): Record<Code, Message> => table;

/** Every sentence about what the harness could not do: what is wrong, and what to do about it. */
export const messages = message({
  'setting.invalid': ({ name, value, wanted }) => `${name} is "${value}": it has to be ${wanted}.`,
  'setting.empty': ({ name }) => `${name} is set but empty: give it a value, or do not set it.`,
  'setting.unknown-variable': ({ name, near }) =>
    `${name} is set, but no setting has this name (did you mean ${near}?): see mch run --help.`,
  'setting.unknown': ({ name, file }) =>
    `${file} has the setting "${name}", which does not exist: see mch run --help.`,
  'setting.file': ({ file, problem }) => `${file} cannot be read as settings: ${problem}.`,
  'setting.flag-only': ({ name, file }) => `${file} has "${name}", which can only be given as a flag.`,
  'fault.unknown': ({ fault, near }) =>
    `There is no fault "${fault}"${near}: mch provider --help lists them.`,
  'fault.on-target': () =>
    '--fault plants a fault in the reference provider: leave out the target, or the fault.',
  'layer.unknown': ({ layer }) => `There is no layer "${layer}": there are contracts, property and load.`,
  'layer.not-allowed': ({ layer, permission }) =>
    `The layer ${layer} needs --allow ${permission}: allow it, or do not name the layer.`,
  'allow.read': () => 'Nothing can be judged without reading: --allow has to have read.',
  'target.missing': ({ name }) =>
    `${name} is given without a target: set --target (SAIL_BASE_URL), or --target reference for the built-in provider.`,
  'client.missing': () => 'A target needs an id that exists there: give --managed-client.',
  'credentials.missing': () =>
    'The target needs credentials: set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or SAIL_ACCESS_TOKEN.',
  'credentials.half': ({ name }) => `${name} is set without its other half: set both, or neither.`,
  'baseline.unusable': ({ file, problem }) => `${file} cannot be read as a baseline: ${problem}.`,
  'corpus.unusable': ({ file, problem }) => `${file} cannot be sent again: ${problem}.`,
  'signatures.unusable': ({ file, problem }) => `${file} cannot be read as signatures: ${problem}.`,
  'identify.quota': ({ limit }) =>
    `--quota promises ${limit} requests: limits above 250 cannot be told apart from outside.`,
  'trace.unusable': ({ file, problem }) => `${file} cannot be judged again: ${problem}.`,
  'cluster.no-target': () =>
    'A cluster does not reach the reference provider of this machine: give --target.',
  'cluster.unknown-shape': ({ name, shapes }) => `There is no shape of load "${name}": there are ${shapes}.`,
  'cluster.needs-write': ({ shape }) => `The shape ${shape} reports statuses: it needs --allow write.`,
  'cluster.nothing': () => 'Name a shape of load to write its files, or give --logs to judge what it did.',
  'cluster.both': () => 'A shape of load is written, or --logs are judged: not both at once.',
  'cluster.prometheus-url': () =>
    'K6_PROMETHEUS_RW_SERVER_URL has to be a URL without credentials and without a query, for it stands in the files: give secrets to the runners from a Secret.',
  'logs.unusable': ({ problem }) => `The logs cannot be judged: ${problem}.`,
  'consent.needed': ({ costs }) =>
    `This would send ${costs} to a host that is not this machine: add --yes to say that this is wanted.`,
  'consent.refused': () => 'Nothing was sent.',
  'reports.unwritable': ({ folder, problem }) =>
    `The reports folder ${folder} cannot be written: ${problem}.`,
  'report.missing': ({ file }) =>
    `There is no report to replay from at ${file}: run mch run first, or give --reports.`,
  'finding.unknown': ({ id, file }) => `${file} has no finding "${id}".`,
  'replay.other-target': ({ id, target }) => `${id} was found at ${target}: replay it with the same target.`,
  'port.taken': ({ port }) => `Port ${port} is taken: give another --port, or 0 for a free one.`,
  'target.silent': ({ url, detail }) =>
    `${url} does not answer (${detail}): check the target, and that it is running.`,
  'target.html': ({ url }) =>
    `${url} answers with an HTML page where the API answers JSON: the target has to be the base URL of the API.`,
  'target.limited': ({ url }) =>
    `${url} answered 429 until patience ran out: wait until its quota is free, and lower --pace.`,
  'target.gateway': ({ url, status }) =>
    `A gateway answered ${status} for ${url}: check that the service is up.`,
  'token.refused': ({ principal, reason }) =>
    `There is no token for ${principal}: ${reason}. Check its credentials.`,
  'token.rejected': ({ url }) => `${url} refuses the token (401): it is expired, or of another tenant.`,
  'token.forbidden': ({ url, operation }) =>
    `${url} forbids ${operation} to the token (403): the user needs the scopes to read and to manage.`,
  'client.unknown': ({ url, client }) =>
    `${url} does not know the managed client "${client}": give one that exists.`,
  'budget.spent': ({ problem }) => `The layer was cut short: ${problem}.`,
  'k6.unusable': ({ problem }) => `The load layer could not do its work: ${problem}.`,
  'state-url.no-target': () =>
    '--state-url is the state endpoint of a target: give the target, or leave it out.',
  'results.no-broker': () => 'Results are published for pacts from a broker: add --pacts broker.',
  'results.unnamed': () =>
    'Results are published for a version of the provider: give --provider-version and --provider-branch.',
  'compare.nothing': ({ problem }) => `Nothing was compared: ${problem}.`,
  'document.unusable': ({ problem }) => `There is nothing to compare with: ${problem}.`,
  'publish.unnamed': () =>
    'Neither the pipeline nor git says what is published: give --consumer-version and --branch.',
  'broker.no-url': () => 'PACT_BROKER_BASE_URL is no http or https URL.',
  'broker.unnamed': () => 'No broker is named: set PACT_BROKER_BASE_URL.',
  'broker.failed': ({ problem }) => `The broker did not do its part: ${problem}.`,
  'pacts.unusable': ({ problem }) => `The pacts cannot be used: ${problem}.`,
  'verifier.unusable': ({ problem }) => `The contracts layer could not do its work: ${problem}.`,
  'publish.interrupted': () => 'Interrupted: what was published until then stays published.',
  interrupted: () => 'Interrupted: the report holds what was evaluated until then.',
  unexpected: ({ problem }) => `This should not happen: ${problem}.`,
});

export type MessageCode = keyof typeof messages;
