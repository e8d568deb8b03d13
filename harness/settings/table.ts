import { parseQuota, severities, type Quota, type Severity } from '../../core/index.ts';
import { permissions, type Permission } from '../../core/client/index.ts';

export const profiles = ['ci', 'staging', 'nightly'] as const;
export type Profile = (typeof profiles)[number];

/** `none` sends as fast as answers come. */
export type Pace = Quota | 'none';

/** One setting: how it is spelled everywhere follows from its key. */
export interface Setting<T> {
  readonly topic: 'Target' | 'What is sent' | 'Judging' | 'Contracts' | 'Load' | 'Output';
  readonly help: string;
  /** How the flag shows its value; none for a switch. */
  readonly value?: string;
  /** Where the environment has another name for it. */
  readonly env?: string;
  /** Consent has to be given by hand each time. */
  readonly flagOnly?: true;
  /** It decides what is tested: a variable that is set but empty is an error, elsewhere it counts as absent. */
  readonly refusesEmpty?: true;
  /** What a value has to be, for the error message. */
  readonly wanted: string;
  /** Reads the text, undefined where it is not what is wanted. */
  read(text: string): T | undefined;
}

const text = (value: string): string | undefined => value || undefined;
function oneOf<T extends string>(values: readonly T[]): (value: string) => T | undefined {
  return (value) => values.find((one) => one === value);
}

function listOf<T extends string>(values: readonly T[]): (value: string) => T[] | undefined {
  return (value) => {
    const items = value.split(',').map((item) => item.trim());
    const known = values.filter((one) => items.includes(one));
    return items.length > 0 && known.length === new Set(items).size ? known : undefined;
  };
}

/** Selects the built-in provider explicitly. */
export const REFERENCE = 'reference';

/** A base URL without `/beta`, without credentials, without a slash at the end; or `reference`. */
function readTarget(value: string): string | undefined {
  if (value === REFERENCE) return value;
  if (!URL.canParse(value)) return undefined;
  const { protocol, username, password, search, hash, pathname } = new URL(value);
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  const isBase = /^https?:$/.test(protocol) && !/\/beta\/*$/.test(pathname);
  return isPlain && isBase ? value.replace(/\/+$/, '') : undefined;
}

function readUrl(value: string): string | undefined {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

function readCount(value: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

/** More processes than that measure one another. */
const MOST_SEGMENTS = 16;

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s` → milliseconds */
function readDuration(value: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(value) ?? [];
  const unitMs = unitsMs[unit];
  return unitMs === undefined ? undefined : Number(count) * unitMs;
}

function readSeed(value: string): number | undefined {
  const seed = Number(value);
  return /^-?\d+$/.test(value) && seed === (seed | 0) ? seed : undefined;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

const toggle = (definition: Omit<Setting<boolean>, 'wanted' | 'read'>): Setting<boolean> => ({
  ...definition,
  wanted: 'true or false',
  read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
});

/** Every setting of a run. Flag, key in mch.config.json and environment name are the same word in three spellings. */
export const table = {
  target: setting<string>({
    topic: 'Target',
    help: 'base URL of the API, without /beta, or reference for the built-in provider, which is the default',
    value: 'url',
    env: 'SAIL_BASE_URL',
    refusesEmpty: true,
    wanted: 'an http or https URL without /beta, credentials or query, or reference',
    read: readTarget,
  }),
  managedClient: setting<string>({
    topic: 'Target',
    help: 'id of a managed client that exists there',
    value: 'id',
    refusesEmpty: true,
    wanted: 'an id',
    read: text,
  }),
  secondManagedClient: setting<string>({
    topic: 'Target',
    help: 'id of another one, for what must not get from one to the other',
    value: 'id',
    refusesEmpty: true,
    wanted: 'an id',
    read: text,
  }),
  fault: setting<string>({
    topic: 'Target',
    help: 'fault to plant in the reference provider',
    value: 'name',
    wanted: 'the name of a fault',
    read: text,
  }),
  profile: setting<Profile>({
    topic: 'What is sent',
    help: `how much: ${profiles.join(', ')}; ci on this machine, else staging`,
    value: 'name',
    wanted: `one of ${profiles.join(', ')}`,
    read: oneOf(profiles),
  }),
  allow: setting<Permission[]>({
    topic: 'What is sent',
    help: 'what may be done to the target: everything on this machine, else read',
    value: 'read,write,load',
    wanted: `a list of ${permissions.join(', ')}`,
    read: listOf(permissions),
  }),
  quota: setting<Quota>({
    topic: 'What is sent',
    help: 'the promised limit per OAuth client and API version; as documented if not given',
    value: 'limit/window',
    refusesEmpty: true,
    wanted: 'requests per seconds, such as 100/10s',
    read: parseQuota,
  }),
  pace: setting<Pace>({
    topic: 'What is sent',
    help: 'how fast functional checks send; 0.95 of the quota, none on the reference provider',
    value: 'limit/window',
    wanted: 'requests per seconds, such as 95/10s, or none',
    read: (value) => (value === 'none' ? 'none' : parseQuota(value)),
  }),
  segments: setting<number>({
    topic: 'What is sent',
    help: 'local k6 processes, or runners of a cluster, that share the load; 1 if not given',
    value: 'number',
    wanted: `a whole number from 1 to ${MOST_SEGMENTS}`,
    read: (value) => {
      const count = readCount(value);
      return count === undefined || count > MOST_SEGMENTS ? undefined : count;
    },
  }),
  maxRequests: setting<number>({
    topic: 'What is sent',
    help: 'requests that a run may send; what it leaves out is reported',
    value: 'number',
    wanted: 'a whole number above 0',
    read: readCount,
  }),
  maxDuration: setting<number>({
    topic: 'What is sent',
    help: 'how long a run may go on sending',
    value: 'duration',
    wanted: 'a duration such as 90s, 15m or 2h',
    read: readDuration,
  }),
  seed: setting<number>({
    topic: 'What is sent',
    help: 'where every random choice comes from; fresh and printed if not given',
    value: 'integer',
    wanted: 'an integer of 32 bits',
    read: readSeed,
  }),
  dryRun: toggle({
    topic: 'What is sent',
    help: 'print what would be sent and what it costs, and send nothing',
  }),
  yes: toggle({
    topic: 'What is sent',
    help: 'consent to writes or load on another machine when nobody is at the terminal',
    flagOnly: true,
  }),
  pacts: setting<string>({
    topic: 'Contracts',
    help: 'which pacts: committed, broker, or a folder; committed if not given',
    value: 'source',
    wanted: 'committed, broker or a folder',
    read: text,
  }),
  stateUrl: setting<string>({
    topic: 'Contracts',
    help: "the target's own Pact state endpoint; states are reached by recipes if not given",
    value: 'url',
    wanted: 'an http or https URL',
    read: readUrl,
  }),
  publishResults: toggle({
    topic: 'Contracts',
    help: 'publish the results for pacts from a broker, if all of them are verifiable',
  }),
  providerVersion: setting<string>({
    topic: 'Contracts',
    help: 'version of the provider that results are published for',
    value: 'version',
    wanted: 'a version',
    read: text,
  }),
  providerBranch: setting<string>({
    topic: 'Contracts',
    help: 'branch of the provider, which decides what is pending; main if not given',
    value: 'branch',
    wanted: 'a branch',
    read: text,
  }),
  requireConsumers: toggle({
    topic: 'Contracts',
    help: 'doctor, npm run pacts and the tests fail if Python or Go is missing; verifying needs neither',
  }),
  k6Mirror: setting<string>({
    topic: 'Load',
    help: 'where k6 is downloaded from if there is none: a base URL instead of the official release, or off',
    value: 'url',
    wanted: 'an http or https URL, or off',
    read: (value) => (value === 'off' ? value : readUrl(value)?.replace(/\/+$/, '')),
  }),
  baseline: setting<string>({
    topic: 'Judging',
    help: 'file of known findings, which do not gate; fuzz-baseline.json if it is there',
    value: 'file',
    wanted: 'a file',
    read: text,
  }),
  failOn: setting<Severity>({
    topic: 'Judging',
    help: 'least severity that gives exit code 1; major if not given',
    value: 'severity',
    wanted: 'one of critical, major, minor',
    read: oneOf(severities),
  }),
  reports: setting<string>({
    topic: 'Output',
    help: 'folder for the report files',
    value: 'folder',
    wanted: 'a folder',
    read: text,
  }),
} as const;

export type Key = keyof typeof table;
export const keys = Object.keys(table) as Key[];

/** `managedClient` → `managed-client` */
export function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `managedClient` → `MCH_MANAGED_CLIENT`, unless the setting has a name of its own. */
export function envName(key: Key): string {
  const { env }: Setting<unknown> = table[key];
  return env ?? `MCH_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}

/** The default pace leaves a margin below the quota: a request evenly spaced at both ends of a window is one too many. */
export function paceFor(quota: Quota): Quota {
  return { ...quota, limit: Math.max(1, Math.floor(quota.limit * 0.95)) };
}
