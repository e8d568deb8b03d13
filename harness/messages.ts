export type MessageData = Readonly<Record<string, string | number>>;
type Message = (data: MessageData) => string;

const message = <Code extends string>(table: Record<Code, Message>): Record<Code, Message> => table;

/** Every sentence about what the harness could not do: what is wrong, and what to do about it. */
export const messages = message({
  'setting.invalid': ({ name, value, wanted }) => `${name} is "${value}": it has to be ${wanted}.`,
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
  'client.missing': () => 'A target needs an id that exists there: give --managed-client.',
  'credentials.missing': () =>
    'The target needs credentials: set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or SAIL_ACCESS_TOKEN.',
  'credentials.half': ({ name }) =>
    `${name} is set without its other half: a client needs an id and a secret.`,
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
  'k6.unusable': ({ problem }) => `The load layer could not do its work: ${problem}.`,
  'pacts.unusable': ({ problem }) => `The contracts layer could not do its work: ${problem}.`,
  interrupted: () => 'Interrupted: the report holds what was evaluated until then.',
  unexpected: ({ problem }) => `This should not happen: ${problem}.`,
});

export type MessageCode = keyof typeof messages;
