import { randomInt } from 'node:crypto';

import { Command, CommanderError, Option } from 'commander';

import { parseQuota } from '../core/index.ts';
import { faultNames, faults, type FaultName } from '../fixtures/faults/index.ts';
import { stressNames } from '../load/index.ts';
import { readBuildInfo } from './settings/build-info.ts';
import { identifyTarget, identifyTrace } from './commands/identify.ts';
import { examine } from './commands/doctor.ts';
import { provide } from './commands/provider.ts';
import { publish, type PublishSettings } from './commands/publish.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { HarnessError, usage } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { messages } from './messages.ts';
import { packagePaths, packageVersion } from './package-paths.ts';
import { readSettings } from './settings/read.ts';
import {
  DEFAULT_REPORTS,
  knownFault,
  readBroker,
  runSettings,
  type RunSettings,
} from './settings/run-settings.ts';
import { envName, flagName, keys, table, type Setting } from './settings/table.ts';

const SETTINGS_FILE = 'mch.config.json';

/** Runs the command line. Takes the process and gives the exit code: it neither exits nor throws. */
export async function main(io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.clean;
  const program = commandLine(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...io.argv]);
    return exitCode;
  } catch (error) {
    return explainToUser(error, io);
  }
}

function explainToUser(error: unknown, io: Io): ExitCode {
  // Commander has printed its own sentence: help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  if (error instanceof HarnessError) {
    io.stderr.write(`mch: ${error.message}\n`);
    return error.kind === 'usage' ? exitCodes.usage : exitCodes.incomplete;
  }
  const problem = error instanceof Error ? error.message : String(error);
  io.stderr.write(`mch: ${messages.unexpected({ problem })}\n`);
  return exitCodes.incomplete;
}

function commandLine(io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command('mch')
    .description('Does a target keep the promises of the managed client status API?')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });

  withSettings(program.command('run'))
    .description('judge a target with the named layers, all three by default')
    .argument('[layers...]', 'contracts, property, load')
    .action(async (layers: string[], flags: Flags) => done(await run(settingsOf(layers, flags, io), io)));

  withSettings(program.command('identify'))
    .description('what limiter a target has: limit, window, how it counts, whether Retry-After is kept')
    .option('--trace <file>', 'judge a trace that was written before, and send nothing')
    .action(async ({ trace, ...flags }: Flags & { trace?: string }) => {
      done(
        trace === undefined
          ? await identifyTarget(settingsOf(['load'], flags, io), io)
          : await identifyTrace(trace, settingsWithoutTarget(flags, io), io),
      );
    });

  withSettings(program.command('cluster'))
    .description('write what a Kubernetes cluster with the k6-operator needs for one shape of load')
    .argument('[shape]', stressNames.join(', '))
    .option('--logs <file...>', 'judge the logs of its runners, and send nothing')
    .action(async (shape: string | undefined, { logs, ...flags }: Flags & { logs?: string[] }) => {
      if (shape === undefined && logs === undefined) throw usage('cluster.nothing');
      if (shape !== undefined && logs !== undefined) throw usage('cluster.both');
      // It is not needed for anything else.
      const { judgeRunners, prepareCluster } = await import('./commands/cluster.ts');
      done(
        logs === undefined
          ? await prepareCluster(shape ?? '', settingsOf(['load'], flags, io), io)
          : await judgeRunners(logs, settingsWithoutTarget(flags, io), io),
      );
    });

  withSettings(program.command('replay'))
    .description('send one finding again')
    .argument('<finding>', 'its id in the last report, or its file in a corpus')
    .action(async (id: string, flags: Flags) => done(await replay(id, settingsOf([], flags, io), io)));

  withSettings(program.command('doctor'))
    .description('what this machine has, what the target answers, what a run would skip')
    .action(async (flags: Flags) => done(await examine(settingsOf([], flags, io), io)));

  program
    .command('publish')
    .description('publish the pacts to the broker of PACT_BROKER_BASE_URL')
    .option('--pacts <folder>', 'folder of the pacts; the committed ones if not given')
    .option('--consumer-version <version>', 'version of the consumers; the commit if not given')
    .option('--branch <branch>', 'branch of the consumers; that of the pipeline or of git if not given')
    .option('--build-url <url>', 'where the build can be seen; that of the pipeline if not given')
    .option('--tag <tag...>', 'tags of the version')
    .option('--can-i-deploy <environment>', 'ask whether the consumers may be deployed there: exit 1 if not')
    .option('--record-deployment <environment>', 'record that the consumers run there')
    .action(async (flags: PublishFlags) => done(await publish(publishSettings(flags, io), io)));

  program
    .command('compare')
    .description('the contracts against an OpenAPI 3 document: what breaks, what has to be changed')
    .argument('<openapi>', 'the document, JSON or YAML')
    .option('--pacts <folder>', 'folder of the pacts; the committed ones if not given')
    .option('--reports <folder>', 'folder for compare.md and compare.json [MCH_REPORTS]')
    .action(async (file: string, flags: CompareFlags) => {
      const { pacts = packagePaths.pacts } = flags;
      const { reports = DEFAULT_REPORTS } = readSettings({
        flags: { reports: flags.reports },
        env: io.env,
        file: SETTINGS_FILE,
        reads: ['reports'],
      });
      // OpenAPI tools take longer to load than all the rest.
      const { compare } = await import('./commands/compare.ts');
      done(await compare({ file, pacts, reports }, io));
    });

  program
    .command('provider')
    .description('run the reference provider, which can break on purpose')
    .option('--port <number>', 'port, 0 for a free one', '0')
    .option('--fault <name>', 'what to break; see below')
    .option('--quota <limit/window>', 'limit for every OAuth client')
    .option('--token-ttl <seconds>', 'how long tokens live', '749')
    .addHelpText('after', `\nFaults:\n${faultNames.map(faultLine).join('\n')}`)
    .action(async (flags: ProviderFlags) => done(await provide(providerSettings(flags), io)));

  return program;
}

/** A fault with its family: A to K are broken, L are healthy twins. */
function faultLine(name: FaultName): string {
  const { group, title } = faults[name];
  return `  ${group}  ${name.padEnd(28)} ${title}`;
}

type Flags = Readonly<Record<string, unknown>>;

/** Adds every setting as an option under its topic. The value stays text: one reader reads flags, environment and file. */
function withSettings(command: Command): Command {
  for (const key of keys) {
    const { value, help, topic, flagOnly }: Setting<unknown> = table[key];
    const flag = `--${flagName(key)}${value === undefined ? '' : ` <${value}>`}`;
    const origin = flagOnly ? '' : ` [${envName(key)}]`;
    command.addOption(new Option(flag, `${help}${origin}`).helpGroup(`${topic}:`));
  }
  return command;
}

function settingsOf(layers: readonly string[], flags: Flags, { env }: Io): RunSettings {
  const given = readSettings({ flags, env, file: SETTINGS_FILE });
  return runSettings({ layers, given, env, freshSeed: () => randomInt(2 ** 31) });
}

/** What was seen before is judged without a target, and without what belongs to one. */
const OFFLINE = ['quota', 'reports', 'failOn', 'baseline', 'seed'] as const;

function settingsWithoutTarget(flags: Flags, { env }: Io): RunSettings {
  const given = readSettings({ flags, env, file: SETTINGS_FILE, reads: OFFLINE });
  return runSettings({ layers: [], given, env: {}, freshSeed: () => randomInt(2 ** 31) });
}

interface PublishFlags {
  readonly pacts?: string;
  readonly consumerVersion?: string;
  readonly branch?: string;
  readonly buildUrl?: string;
  readonly tag?: readonly string[];
  readonly canIDeploy?: string;
  readonly recordDeployment?: string;
}

/** A version without a name is worth nothing to a broker: where nobody says it, the commit does. */
function publishSettings(flags: PublishFlags, { env }: Io): PublishSettings {
  const { pacts = packagePaths.pacts, tag: tags = [], canIDeploy, recordDeployment } = flags;
  const broker = readBroker(env);
  const build = readBuildInfo(env, process.cwd());
  const version = flags.consumerVersion ?? build.commit;
  const branch = flags.branch ?? build.branch;
  if (!version || !branch) throw usage('publish.unnamed');
  const as = { version, branch, buildUrl: flags.buildUrl ?? build.buildUrl, tags };
  return { broker, pacts, as, canIDeploy, recordDeployment };
}

interface CompareFlags {
  readonly pacts?: string;
  readonly reports?: string;
}

interface ProviderFlags {
  readonly port: string;
  readonly fault?: string;
  readonly quota?: string;
  readonly tokenTtl: string;
}

function providerSettings({ port, fault, quota, tokenTtl }: ProviderFlags) {
  const parsedQuota = quota === undefined ? undefined : parseQuota(quota);
  if (quota !== undefined && parsedQuota === undefined) {
    throw usage('setting.invalid', { name: '--quota', value: quota, wanted: table.quota.wanted });
  }
  return {
    port: wholeNumber('--port', port, 65_535),
    fault: fault === undefined ? undefined : knownFault(fault),
    quota: parsedQuota,
    tokenTtlSeconds: wholeNumber('--token-ttl', tokenTtl, 43_200),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) > most) {
    throw usage('setting.invalid', { name, value: text, wanted: `a whole number up to ${most}` });
  }
  return Number(text);
}
