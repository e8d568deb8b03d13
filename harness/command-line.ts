import { Command, Option } from 'commander';

import { commands, runKeys, type CommandSpec } from './commands/index.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { packageVersion } from './package-paths.ts';
import { readSettings, SETTINGS_FILE } from './settings/read.ts';
import { definitionOf, envName, flagName, type Key } from './settings/table.ts';

/** Builds the command line. @param onDone receives the exit code of the command */
export function commandLine(io: Io, onDone: (exitCode: ExitCode) => void): Command {
  const program = new Command('mch')
    .description('Tests whether a service keeps the contract of the managed client status API.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  for (const spec of commands) addCommand(program, spec, io, onDone);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, io: Io, onDone: (exitCode: ExitCode) => void): void {
  const { name, summary, argument, reads, ignores, sections } = spec;
  const command = program.command(name).description(summary);
  if (argument !== undefined) command.argument(...argument);
  const unused = spec.acceptsRunFlags ? runKeys.filter((key) => !reads.includes(key)) : [];
  for (const key of reads) command.addOption(optionOf(key));
  for (const key of unused) command.addOption(optionOf(key).hideHelp());
  command.addHelpText('after', `\n${sections.join('\n\n')}`);
  command.action(async () => {
    const flags = command.opts();
    const given = readSettings({
      flags,
      env: io.env,
      file: SETTINGS_FILE,
      reads,
      ...(ignores && { ignores }),
    });
    for (const key of unused) {
      if (flags[key] !== undefined) io.stderr.write(`mch: --${flagName(key)} has no effect on ${name}.\n`);
    }
    onDone(await spec.run({ args: command.args, given, io }));
  });
}

/** The value remains text: flags, environment and file have one parser. */
function optionOf(key: Key): Option {
  const { value, help, topic, isFlagOnly, default: preset } = definitionOf(key);
  const flag = `--${flagName(key)}${value === undefined ? '' : ` <${value}>`}`;
  const text = preset === undefined ? help : `${help}; default: ${preset}`;
  const origin = isFlagOnly ? '' : ` [${envName(key)}]`;
  return new Option(flag, `${text}${origin}`).helpGroup(`${topic}:`);
}
