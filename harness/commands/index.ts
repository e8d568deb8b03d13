import { randomInt } from 'node:crypto';

import { severities, type Severity } from '../../core/index.ts';
import { faultGroups, faultNames, faults } from '../../fixtures/faults/index.ts';
import { stressNames } from '../../load/index.ts';
import { usage } from '../errors.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { profileTexts } from '../settings/profiles.ts';
import type { Given, SettingsSources } from '../settings/read.ts';
import { DEFAULT_REPORTS, runSettings, type RunSettings } from '../settings/run-settings.ts';
import { isLoopbackTarget } from '../settings/target-settings.ts';
import type { Key } from '../settings/table.ts';
import { diagnose } from './doctor.ts';
import { identifyTarget, identifyTrace } from './identify.ts';
import { provide, providerSettings } from './provider.ts';
import { isRemotePacts, pactsPath, publish, publishSettings } from './publish.ts';
import { replay } from './replay.ts';
import { listStates } from './states.ts';
import { run } from './run.ts';

export interface CommandInput {
  readonly args: readonly string[];
  readonly given: Given;
  readonly io: Io;
}

/** A command of `mch`. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The argument in the syntax of commander, with its description. */
  readonly argument?: readonly [syntax: string, description: string];
  /** The settings that the command reads. Its help lists only these. */
  readonly reads: readonly Key[];
  /** Values of the environment and the file that are meant for `mch run`. */
  readonly ignores?: SettingsSources['ignores'];
  /** Whether flags of `mch run` that have no effect here are accepted, so that scripts can pass the same ones. */
  readonly acceptsRunFlags?: true;
  /** Further sections of the help. */
  readonly sections: readonly string[];
  run(input: CommandInput): Promise<ExitCode>;
}

const severityTexts: Record<Severity, string> = {
  critical: 'security, data loss, or a contract that no client can rely on',
  major: 'a documented behaviour that is missing or wrong',
  minor: 'an undocumented deviation that most clients tolerate',
};

/** A section of the help: a heading and a table of names and texts. */
function section(heading: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [`${heading}:`, ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join('\n');
}

const profileSection = section('Profiles', Object.entries(profileTexts));
const severitySection = section(
  'Severities',
  severities.map((severity) => [severity, severityTexts[severity]] as const),
);
const exitCodeSection = section('Exit codes', [
  ['0', 'everything selected was evaluated, and there is no finding at or above --fail-on'],
  ['1', 'there are findings'],
  ['2', 'usage error: an unknown flag, an impossible setting, a missing credential'],
  ['3', 'could not run, incomplete or inconclusive'],
]);
const credentialSection = section('Credentials, from the environment only', [
  ['SAIL_CLIENT_ID, SAIL_CLIENT_SECRET', 'of the user, required for a target; or SAIL_ACCESS_TOKEN'],
  ['SAIL_TOKEN_URL', 'the token endpoint; default: <target>/oauth/token'],
  ['MCH_<NAME>_CLIENT_ID, …', 'of READER, APPLICATION, OTHER and LOAD; without them, checks are skipped'],
]);
const brokerSection = section('Broker, from the environment only', [
  ['PACT_BROKER_BASE_URL', 'the URL of the broker'],
  ['PACT_BROKER_TOKEN', 'a token; or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD'],
]);

function faultSections(): string[] {
  return Object.entries(faultGroups).map(([group, title]) =>
    section(
      `Faults ${group}, ${title}`,
      faultNames
        .filter((name) => faults[name].group === group)
        .map((name) => [name, faults[name].title] as const),
    ),
  );
}

const targetKeys = ['target', 'managedClient', 'secondManagedClient', 'fault'] as const;
const requestKeys = ['allow', 'quota', 'pace', 'maxRequests', 'maxDuration'] as const;

/** Settings that change what is verified. */
const pactKeys = [
  'pacts',
  'providerName',
  'states',
  'header',
  'basePath',
  'filterConsumer',
  'filterDescription',
  'filterState',
] as const;

/** The settings of `mch run`. */
export const runKeys: readonly Key[] = [
  ...targetKeys,
  'stateUrl',
  'profile',
  ...requestKeys,
  'seed',
  'dryRun',
  'yes',
  ...pactKeys,
  'consumerVersionSelectors',
  'enablePending',
  'includeWipPactsSince',
  'publishResults',
  'providerVersion',
  'providerBranch',
  'segments',
  'k6Mirror',
  'baseline',
  'failOn',
  'reports',
  'format',
  'redact',
];

/** The commands in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'test a target with the selected layers',
    argument: ['[layers...]', 'contracts, property, load; default: all three'],
    reads: runKeys,
    sections: [profileSection, severitySection, exitCodeSection, credentialSection, brokerSection],
    run: async ({ args, given, io }) => run(await settingsFor(args, given, io), io),
  },
  {
    name: 'identify',
    summary: "identify a target's rate limiter: limit, window, algorithm, partition key, Retry-After",
    reads: [...targetKeys, ...requestKeys, 'dryRun', 'yes', 'k6Mirror', 'reports', 'trace'],
    acceptsRunFlags: true,
    sections: [
      section('Exit codes', [
        ['0', 'the limiter is identified'],
        ['2', 'usage error'],
        ['3', 'could not run, or inconclusive'],
      ]),
      credentialSection,
    ],
    run: async ({ given, io }) =>
      given.trace === undefined
        ? identifyTarget(await settingsFor(['load'], given, io), io)
        : identifyTrace(given.trace, settingsWithoutTarget(given), io),
  },
  {
    name: 'replay',
    summary: 'reproduce a finding',
    argument: ['<finding>', 'an id of the last report, or a corpus file'],
    reads: [
      ...targetKeys,
      'stateUrl',
      'profile',
      ...requestKeys,
      ...(['providerName', 'states', 'header', 'basePath'] as const),
      'yes',
      'segments',
      'k6Mirror',
      'reports',
    ],
    acceptsRunFlags: true,
    sections: [
      profileSection,
      section('Exit codes', [
        ['0', 'the finding is gone'],
        ['1', 'the finding is reproduced'],
        ['2', 'usage error'],
        ['3', 'the finding is intermittent and did not occur, or could not be tried'],
      ]),
      credentialSection,
    ],
    run: async ({ args: [finding = ''], given, io }) => replay(finding, await settingsFor([], given, io), io),
  },
  {
    name: 'publish',
    summary: 'publish the pacts to a Pact broker',
    ignores: { pacts: isRemotePacts },
    reads: [
      'pacts',
      'arranged',
      'consumerVersion',
      'branch',
      'buildUrl',
      'tag',
      'canIDeploy',
      'recordDeployment',
    ],
    sections: [
      section('Exit codes', [
        ['0', 'published'],
        ['1', 'the consumers cannot be deployed'],
        ['2', 'usage error'],
        ['3', 'a request to the broker failed'],
      ]),
      brokerSection,
    ],
    run: ({ given, io }) => publish(publishSettings(given, io), io),
  },
  {
    name: 'compare',
    summary: 'compare the contracts with an OpenAPI 3 document',
    argument: ['<openapi>', 'the document, JSON or YAML'],
    ignores: { pacts: isRemotePacts },
    reads: ['pacts', 'reports'],
    sections: [
      section('Exit codes', [
        ['0', 'no relevant differences'],
        ['1', 'breaking changes, or changes that a migration needs'],
        ['2', 'usage error'],
        ['3', 'nothing was compared'],
      ]),
    ],
    async run({ args: [file = ''], given, io }) {
      // Loaded on demand, because the OpenAPI libraries take longer to load than everything else.
      const { compare } = await import('./compare.ts');
      return compare({ file, pacts: pactsPath(given), reports: given.reports ?? DEFAULT_REPORTS }, io);
    },
  },
  {
    name: 'provider',
    summary: 'run the reference provider',
    reads: ['port', 'fault', 'quota', 'tokenTtl'],
    sections: faultSections(),
    run: ({ given, io }) => provide(providerSettings(given), io),
  },
  {
    name: 'cluster',
    summary:
      'write the manifest of a stress profile for the k6-operator, or evaluate the logs of its runners',
    argument: ['[profile]', stressNames.join(', ')],
    reads: [
      'target',
      'managedClient',
      'allow',
      'quota',
      'pace',
      'maxRequests',
      'dryRun',
      'yes',
      'segments',
      'baseline',
      'failOn',
      'reports',
      'logs',
    ],
    acceptsRunFlags: true,
    sections: [severitySection, exitCodeSection, credentialSection],
    async run({ args: [profile], given, io }) {
      const { logs } = given;
      if (profile === undefined && logs === undefined) throw usage('cluster.nothing');
      if (profile !== undefined && logs !== undefined) throw usage('cluster.both');
      // Loaded on demand, because no other command needs it.
      const { judgeRunners, prepareCluster } = await import('./cluster.ts');
      return logs === undefined
        ? prepareCluster(profile ?? '', await settingsFor(['load'], given, io), io)
        : judgeRunners(logs, settingsWithoutTarget(given), io);
    },
  },
  {
    name: 'states',
    summary: 'list the provider states that pacts may name, with their set-up on a deployed target',
    reads: [],
    sections: [],
    run: ({ io }) => Promise.resolve(listStates(io)),
  },
  {
    name: 'doctor',
    summary: 'check the tools, the target, and which checks a run will skip',
    reads: [...targetKeys, 'stateUrl', 'allow', 'quota', 'pace', 'requireConsumers', 'k6Mirror'],
    acceptsRunFlags: true,
    sections: [
      section('Exit codes', [
        ['0', 'a run is possible'],
        ['2', 'usage error'],
        ['3', 'a run is not possible'],
      ]),
      credentialSection,
    ],
    run: async ({ given, io }) => diagnose(await settingsFor([], given, io), io),
  },
];

const newSeed = (): number => randomInt(2 ** 31);

async function settingsFor(layers: readonly string[], given: Given, { env }: Io): Promise<RunSettings> {
  const isLoopback = await isLoopbackTarget(given.target, env);
  return runSettings({ layers, given, env, newSeed, isLoopback });
}

/** Settings that evaluate recorded data, whatever target the environment selects. */
function settingsWithoutTarget({ quota, reports, failOn, baseline }: Given): RunSettings {
  const given = { quota, reports, failOn, baseline };
  return runSettings({ layers: [], given, env: {}, newSeed, isLoopback: false });
}
