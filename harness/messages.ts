export type MessageData = Readonly<Record<string, string | number>>;
type MakeMessage = (data: MessageData) => string;

const message = <Code extends string>(table: Record<Code, MakeMessage>): Record<Code, MakeMessage> => table;

/** The messages about problems that are not findings: what happened and what to do. */
export const messages = message({
  'setting.invalid': ({ name, value, expected }) =>
    `${name} has the invalid value "${value}": use ${expected}.`,
  'setting.empty': ({ name }) => `${name} is set but empty: set a value or remove it.`,
  'setting.unknown-variable': ({ name, near }) =>
    `${name} is not a setting (did you mean ${near}?): see mch run --help.`,
  'setting.unknown': ({ name, file }) =>
    `${file} has the setting "${name}", which does not exist: see mch run --help.`,
  'setting.file': ({ file, problem }) => `${file} is not a settings file: ${problem}.`,
  'setting.flag-only': ({ name, file }) =>
    `${file} sets "${name}", which is only available as a flag: remove it and pass the flag.`,
  'fault.unknown': ({ fault, hint }) => `There is no fault "${fault}"${hint}: see mch provider --help.`,
  'fault.on-target': () =>
    '--fault needs the reference provider: remove the target or use --target reference.',
  'layer.unknown': ({ layer }) => `There is no layer "${layer}": use contracts, property or load.`,
  'layer.not-allowed': ({ layer, permission }) =>
    `The layer ${layer} needs the permission ${permission}: add it to --allow or do not name the layer.`,
  'allow.read': () => '--allow must contain read, because every check reads.',
  'target.missing': ({ name }) =>
    `${name} is given without a target: set --target (SAIL_BASE_URL), or use --target reference for the built-in provider.`,
  'managed-client.missing': () => 'The target needs an existing managed client: set --managed-client.',
  'credentials.missing': () =>
    'The target needs credentials: set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or SAIL_ACCESS_TOKEN.',
  'credentials.half': ({ name }) => `${name} is set without its counterpart: set both or none.`,
  'baseline.unusable': ({ file, problem }) => `${file} is not a baseline: ${problem}.`,
  'corpus.unusable': ({ file, problem }) => `${file} is not a corpus file: ${problem}.`,
  'identify.quota': ({ limit, max }) =>
    `--quota has a limit of ${limit} requests: identify supports limits up to ${max}.`,
  'trace.unusable': ({ file, problem }) => `${file} is not a trace of identify: ${problem}.`,
  'cluster.no-target': () => 'A cluster cannot reach the reference provider: set --target.',
  'cluster.unknown-profile': ({ name, profiles }) => `There is no stress profile "${name}": use ${profiles}.`,
  'cluster.needs-write': ({ profile }) => `The stress profile ${profile} writes: add write to --allow.`,
  'cluster.nothing': () => 'Name a stress profile, or give --logs to evaluate the logs of its runners.',
  'cluster.both': () => 'Name a stress profile or give --logs, not both.',
  'cluster.prometheus-url': () =>
    'K6_PROMETHEUS_RW_SERVER_URL must be a URL without credentials and query, because the manifest contains it: pass secrets to the runners in a Secret.',
  'logs.unusable': ({ problem }) => `The logs cannot be evaluated: ${problem}.`,
  'consent.needed': ({ costs }) => `This would send ${costs} to a remote target: add --yes to consent.`,
  'consent.refused': () => 'Nothing was sent, because the costs were not accepted.',
  'reports.unwritable': ({ folder, problem }) =>
    `The reports folder ${folder} is not writable (${problem}): check its permissions or set --reports.`,
  'reports.in-use': ({ folder, pid }) =>
    `Another run (process ${pid}) writes to the reports folder ${folder}: wait for it, or set --reports.`,
  'reports.not-written': ({ folder, problem }) =>
    `The reports could not be written to ${folder} (${problem}). The results above are complete.`,
  'report.missing': ({ file }) => `There is no report at ${file}: run mch run first, or set --reports.`,
  'report.version': ({ file, version }) =>
    `${file} has schemaVersion ${version}, and this version reads 2: run mch run again.`,
  'finding.unknown': ({ id, file }) => `${file} has no finding "${id}": use the id of one of its findings.`,
  'replay.other-target': ({ id, target }) => `${id} was found at ${target}: replay it with the same target.`,
  'port.taken': ({ port }) => `Port ${port} is in use: set another --port, or 0 for a free one.`,
  'target.unreachable': ({ url, detail }) =>
    `${url} does not respond (${detail}): check the address and whether the service is running.`,
  'target.stopped': ({ problem }) => `The run ended early: ${problem}.`,
  'target.html': ({ url, title, status }) =>
    `${url} returned an HTML page ("${title}", status ${status}) instead of JSON: set the target to the base URL of the API.`,
  'target.redirect': ({ url, location, status }) =>
    `${url} redirects to ${location} (${status}): set the target to the address of the API.`,
  'target.rate-limited': ({ url }) =>
    `${url} answered 429 until the retries ended: wait until the quota has recovered, or lower --pace.`,
  'target.gateway': ({ url, status }) =>
    `${url} answered ${status}, which is an error of a gateway: check whether the service is running.`,
  'token.unavailable': ({ principal, reason }) => `No token for ${principal} is available: ${reason}.`,
  'token.rejected': ({ url }) =>
    `${url} rejected the token (401): it has expired or belongs to another tenant. Set a valid token or client credentials.`,
  'token.forbidden': ({ url, operation }) =>
    `${url} denied ${operation} (403): the user needs the scopes to read and to manage.`,
  'managed-client.unknown': ({ url, managedClient }) =>
    `${url} does not know the managed client "${managedClient}": set --managed-client to an existing one.`,
  'budget.spent': ({ problem }) =>
    `The layer ended early: ${problem}. Raise the limit or select fewer layers.`,
  'k6.failed': ({ problem }) => `The load layer did not complete: ${problem}.`,
  'state-url.no-target': () => '--state-url needs a target: set --target or remove it.',
  'results.no-broker': () =>
    '--publish-results needs pacts from a broker: add --pacts broker, or --pacts with the URL of a pact.',
  'results.missing': ({ name }) =>
    `--publish-results needs the version and the branch of the provider: set ${name}.`,
  'compare.nothing': ({ problem }) => `Nothing was compared: ${problem}.`,
  'document.unusable': ({ problem }) => `The document cannot be compared: ${problem}.`,
  'publish.missing': ({ what, name }) =>
    `The ${what} of the consumers is unknown, because there is no git repository or pipeline: set ${name}.`,
  'publish.pacts': () => 'The pacts must be local for this command: use committed, a file or a folder.',
  'publish.not-a-branch': ({ ref }) => `The checkout is not on a branch (${ref}): set --branch.`,
  'pacts.url': ({ url }) => `--pacts has the invalid URL "${url}": use the address of a pact.`,
  'states.unknown': ({ name, state, nearest }) =>
    `${name} maps to "${state}", which is not a state (did you mean "${nearest}"?): see mch states.`,
  'broker.invalid-url': () =>
    'PACT_BROKER_BASE_URL is not an http or https URL: set the address of the broker.',
  'broker.missing': () => 'No broker is configured: set PACT_BROKER_BASE_URL.',
  'broker.failed': ({ problem }) => `The request to the broker failed: ${problem}.`,
  'pacts.unusable': ({ problem }) => `The pacts cannot be used: ${problem}.`,
  'verifier.failed': ({ problem }) => `The contracts layer did not complete: ${problem}.`,
  'publish.interrupted': () => 'Interrupted. Pacts that were already published remain published.',
  interrupted: () => 'Interrupted. The report contains everything that was evaluated until then.',
  unexpected: ({ problem }) =>
    `This is an error of the harness: ${problem}. Please report it with the command and the seed.`,
});

export type MessageCode = keyof typeof messages;
