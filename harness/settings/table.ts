import { parseQuota, severities, type Quota, type Severity } from '../../core/index.ts';
import { permissionNames, type Permission } from '../../core/client/index.ts';
import { defaultFormats, formatNames, type FormatName } from './format-names.ts';
import { contractsTable } from './contracts-table.ts';
import {
  listOf,
  oneOf,
  parseDuration,
  parseLines,
  parseMirror,
  parseSeed,
  parseTarget,
  parseUrl,
  wholeNumber,
} from './parsers.ts';
import { profiles, type Profile } from './profiles.ts';
import { flag, setting, text, type Setting } from './setting.ts';

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
  ...contractsTable,
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
  format: setting<FormatName[]>({
    topic: 'Output',
    help: `which reports are written: ${formatNames.join(', ')}; report.json always is`,
    default: defaultFormats.join(','),
    value: 'names',
    expected: `a list of ${formatNames.join(', ')}`,
    parse: listOf(formatNames),
  }),
  redact: flag({ topic: 'Output', help: 'leave response bodies out of reports' }),
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
    parse: parseLines,
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
