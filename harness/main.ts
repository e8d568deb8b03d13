import { randomInt } from 'node:crypto';

import { Command, CommanderError, Option } from 'commander';

import { parseQuota } from '../contracts/index.ts';
import { faultNames, faults, type FaultName } from '../fixtures/faults/index.ts';
import { examine } from './commands/doctor.ts';
import { provide } from './commands/provider.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { HarnessError, usage } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { messages } from './messages.ts';
import { packageVersion } from './package-paths.ts';
import { readSettings } from './settings/read.ts';
import { knownFault, runSettings, type RunSettings } from './settings/run-settings.ts';
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

  withSettings(program.command('replay'))
    .description('send one finding of the last report again')
    .argument('<finding>', 'its id')
    .action(async (id: string, flags: Flags) => done(await replay(id, settingsOf([], flags, io), io)));

  withSettings(program.command('doctor'))
    .description('what this machine has, what the target answers, what a run would skip')
    .action(async (flags: Flags) => done(await examine(settingsOf([], flags, io), io)));

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
