import { parseQuota, severities, type Quota, type Severity } from '../../core/index.ts';
import { permissionNames, type Permission } from '../../core/client/index.ts';
import {
  listOf,
  oneOf,
  parseDuration,
  parseMirror,
  parseSeed,
  parseSwitch,
  parseTarget,
  parseText,
  parseUrl,
  wholeNumber,
  type Parse,
} from './parsers.ts';
import { profiles, type Profile } from './profiles.ts';

export type Topic =
  'Target' | 'Requests' | 'Contracts' | 'Broker' | 'Load' | 'Findings' | 'Output' | 'Provider' | 'Input';

/** A setting. Its flag, its key in mch.config.json and its environment variable follow from its key in the table. */
export interface Setting<T> {
  readonly topic: Topic;
  readonly help: string;
  /** The default as text; undefined if there is none. */
  readonly default?: string;
  /** The name of the value in the help. A switch has none. */
  readonly value?: string;
  /** An environment variable with another name. */
  readonly env?: string;
  /** Not read from the environment and the settings file. */
  readonly isFlagOnly?: true;
  /** The flag takes several values. */
  readonly isVariadic?: true;
  /** An empty environment variable is an error, because the setting decides what is tested. Others count as absent. */
  readonly refusesEmpty?: true;
  /** The valid values, for an error message. */
  readonly expected: string;
  readonly parse: Parse<T>;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

const flag = (definition: Omit<Setting<boolean>, 'expected' | 'parse'>): Setting<boolean> => ({
  ...definition,
  expected: 'true or false',
  parse: parseSwitch,
});

const text = (definition: Omit<Setting<string>, 'parse'>): Setting<string> => ({
  ...definition,
  parse: parseText,
});

/** `none` sends without delay. */
export type Pace = Quota | 'none';

const MAX_SEGMENTS = 16;
const MAX_REQUESTS = 999_999_999;
const MAX_PORT = 65_535;
const MAX_TOKEN_TTL_S = 43_200;

/** All settings. docs/settings.md is generated from this table. */
export const table = {
  target: setting<string>({
    topic: 'Target',
    help: 'base URL of the API without /beta, or "reference" for the built-in provider',
    default: 'reference provider',
    value: 'url',
    env: 'SAIL_BASE_URL',
    refusesEmpty: true,
    expected: 'an http or https URL without /beta, credentials or query, or "reference"',
    parse: parseTarget,
  }),
  managedClient: text({
    topic: 'Target',
    help: 'id of an existing managed client',
    default: 'aClientId on the reference provider, otherwise required',
    value: 'id',
    refusesEmpty: true,
    expected: 'an id',
  }),
  secondManagedClient: text({
    topic: 'Target',
    help: 'id of another existing managed client, for checks of isolation',
    default: 'bClientId on the reference provider, otherwise none',
    value: 'id',
    refusesEmpty: true,
    expected: 'an id',
  }),
  fault: text({
    topic: 'Target',
    help: 'plant a fault in the reference provider; mch provider --help lists them',
    value: 'name',
    expected: 'the name of a fault',
  }),
  stateUrl: setting<string>({
    topic: 'Target',
    help: "the target's Pact provider-state endpoint; without it, states are set up by requests",
    value: 'url',
    expected: 'an http or https URL',
    parse: parseUrl,
  }),
  profile: setting<Profile>({
    topic: 'Requests',
    help: 'how much to send',
    default: 'ci on loopback, otherwise staging',
    value: profiles.join('|'),
    expected: `one of ${profiles.join(', ')}`,
    parse: oneOf(profiles),
  }),
  allow: setting<Permission[]>({
    topic: 'Requests',
    help: 'what may be done to the target',
    default: 'everything on loopback, otherwise read',
    value: permissionNames.join(','),
    expected: `a list of ${permissionNames.join(', ')}`,
    parse: listOf(permissionNames),
  }),
  quota: setting<Quota>({
    topic: 'Requests',
    help: 'the documented rate limit per OAuth client and API version',
    default: '100/10s, as documented',
    value: 'limit/window',
    refusesEmpty: true,
    expected: 'requests per seconds, such as 100/10s',
    parse: parseQuota,
  }),
  pace: setting<Pace>({
    topic: 'Requests',
    help: 'how fast functional checks are sent, or "none"',
    default: '0.95 of the quota, none on the reference provider',
    value: 'limit/window',
    expected: 'requests per seconds, such as 95/10s, or "none"',
    parse: (value) => (value === 'none' ? 'none' : parseQuota(value)),
  }),
  maxRequests: setting<number>({
    topic: 'Requests',
    help: 'the largest number of requests; omitted checks are reported',
    value: 'number',
    expected: 'a whole number above 0',
    parse: wholeNumber(1, MAX_REQUESTS),
  }),
  maxDuration: setting<number>({
    topic: 'Requests',
    help: 'the longest time for sending; omitted checks are reported',
    value: 'duration',
    expected: 'a duration such as 90s, 15m or 2h',
    parse: parseDuration,
  }),
  seed: setting<number>({
    topic: 'Requests',
    help: 'the seed of all random choices',
    default: 'a new one, which is printed',
    value: 'integer',
    expected: 'a 32-bit integer',
    parse: parseSeed,
  }),
  dryRun: flag({ topic: 'Requests', help: 'print the plan with its costs and send nothing' }),
  yes: flag({
    topic: 'Requests',
    help: 'consent to writes or load on a remote target without a terminal',
    isFlagOnly: true,
  }),
  pacts: text({
    topic: 'Contracts',
    help: 'the pacts: "committed", a folder, or for run "broker"',
    default: 'committed',
    value: 'source',
    expected: 'committed, broker or a folder',
  }),
  publishResults: flag({ topic: 'Contracts', help: 'publish verification results to the broker' }),
  providerVersion: text({
    topic: 'Contracts',
    help: 'the version of the provider for published results',
    value: 'version',
    expected: 'a version',
  }),
  providerBranch: text({
    topic: 'Contracts',
    help: 'the branch of the provider, which decides what is pending',
    default: 'main',
    value: 'branch',
    expected: 'a branch',
  }),
  requireConsumers: flag({
    topic: 'Contracts',
    help: 'a missing Python or Go toolchain is an error; only regenerating pacts needs them',
    default: 'on in the tests if CI is set',
  }),
  consumerVersion: text({
    topic: 'Broker',
    help: 'the version of the consumers',
    default: 'the commit',
    value: 'version',
    expected: 'a version',
  }),
  branch: text({
    topic: 'Broker',
    help: 'the branch of the consumers',
    default: 'the branch of the pipeline or of git',
    value: 'branch',
    expected: 'a branch',
  }),
  buildUrl: text({
    topic: 'Broker',
    help: 'the address of the build',
    default: 'that of the pipeline',
    value: 'url',
    expected: 'a URL',
  }),
  tag: setting<string[]>({
    topic: 'Broker',
    help: 'tags of the version',
    value: 'tag...',
    isVariadic: true,
    expected: 'tags',
    parse: (value) => value.split(','),
  }),
  canIDeploy: text({
    topic: 'Broker',
    help: 'ask whether the consumers can be deployed to an environment; exit 1 if not',
    value: 'environment',
    expected: 'an environment',
  }),
  recordDeployment: text({
    topic: 'Broker',
    help: 'record that the consumers were deployed to an environment',
    value: 'environment',
    expected: 'an environment',
  }),
  segments: setting<number>({
    topic: 'Load',
    help: 'the number of k6 processes, or of runners in a cluster, that share the load',
    default: '1',
    value: 'number',
    expected: `a whole number from 1 to ${MAX_SEGMENTS}`,
    parse: wholeNumber(1, MAX_SEGMENTS),
  }),
  k6Mirror: setting<string>({
    topic: 'Load',
    help: 'the base URL for downloads of k6, or "off"',
    default: 'the official release',
    value: 'url',
    expected: 'an http or https URL, or "off"',
    parse: parseMirror,
  }),
  baseline: text({
    topic: 'Findings',
    help: 'a file of known findings, which do not change the exit code',
    default: 'fuzz-baseline.json if it exists',
    value: 'file',
    expected: 'a file',
  }),
  failOn: setting<Severity>({
    topic: 'Findings',
    help: 'the lowest severity that gives exit code 1',
    default: 'major',
    value: severities.join('|'),
    expected: `one of ${severities.join(', ')}`,
    parse: oneOf(severities),
  }),
  reports: text({
    topic: 'Output',
    help: 'the folder of the report files',
    default: 'reports',
    value: 'folder',
    expected: 'a folder',
  }),
  trace: text({
    topic: 'Input',
    help: 'evaluate a trace of an earlier identification and send nothing',
    value: 'file',
    isFlagOnly: true,
    expected: 'a file',
  }),
  logs: setting<string[]>({
    topic: 'Input',
    help: 'evaluate the logs of the runners and send nothing',
    value: 'file...',
    isFlagOnly: true,
    isVariadic: true,
    expected: 'files',
    parse: (value) => value.split(','),
  }),
  port: setting<number>({
    topic: 'Provider',
    help: 'the port, or 0 for a free one',
    default: '0',
    value: 'number',
    expected: `a whole number up to ${MAX_PORT}`,
    parse: wholeNumber(0, MAX_PORT),
  }),
  tokenTtl: setting<number>({
    topic: 'Provider',
    help: 'the lifetime of tokens',
    default: '749',
    value: 'seconds',
    expected: `a whole number up to ${MAX_TOKEN_TTL_S}`,
    parse: wholeNumber(0, MAX_TOKEN_TTL_S),
  }),
} as const;

export type Key = keyof typeof table;
export const keys = Object.keys(table) as Key[];

/** The definition of a setting without its value type. */
export function definitionOf(key: Key): Setting<unknown> {
  return table[key];
}

/** `managedClient` → `managed-client` */
export function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `managedClient` → `MCH_MANAGED_CLIENT`, unless the setting has another name. */
export function envName(key: Key): string {
  return definitionOf(key).env ?? `MCH_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}
