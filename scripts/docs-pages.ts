// `npm run docs`: writes the generated pages of the documentation. A test compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { codes, explanations, type Code } from '../core/index.ts';
import { describeFinding } from '../core/judge/messages/findings.ts';
import type { CodeEntry } from '../core/judge/codes.ts';
import { commands } from '../harness/commands/index.ts';
import { describeStates } from '../harness/commands/states.ts';
import { definitionOf, envName, flagName, keys, type Key } from '../harness/settings/table.ts';
import type { Topic } from '../harness/settings/setting.ts';

function findingsPage(): string {
  const sections = (Object.keys(codes) as Code[]).map((code) => {
    const { severity, exception, source }: CodeEntry = codes[code];
    const { meaning, importance, fix } = explanations[code];
    const { title } = describeFinding(code, {});
    const exceptionText = exception === undefined ? '' : `; ${exception.severity} ${exception.when}`;
    return [
      `## ${code}`,
      '',
      `**${title}** (${severity}${exceptionText})`,
      '',
      `${meaning} ${importance}`,
      '',
      `Fix: ${fix}`,
      '',
      `Source: ${source}`,
      '',
    ].join('\n');
  });
  const intro =
    'The codes of findings, in the order of the table in `core/judge/codes.ts`. Codes are never renamed.';
  return ['# Findings', '', intro, '', ...sections].join('\n');
}

function settingsPage(): string {
  const topics = [...new Set(keys.map((key) => definitionOf(key).topic))];
  return [
    '# Settings',
    '',
    'A flag takes precedence over the environment, and that over the file `mch.config.json`, whose keys are those of the',
    'second column. Each command reads the settings of its row. `mch <command> --help` lists them.',
    '',
    ...topics.flatMap(topicSection),
  ].join('\n');
}

function topicSection(topic: Topic): string[] {
  const own = keys.filter((key) => definitionOf(key).topic === topic);
  return [
    `## ${topic}`,
    '',
    '| flag | key | environment | meaning | default | commands |',
    '| --- | --- | --- | --- | --- | --- |',
    ...own.map(settingRow),
    '',
  ];
}

function settingRow(key: Key): string {
  const { value, help, default: preset = '', isFlagOnly } = definitionOf(key);
  const flag = `--${flagName(key)}${value === undefined ? '' : ` ${value}`}`;
  const readers = commands.filter(({ reads }) => reads.includes(key)).map(({ name }) => name);
  const cells = [
    `\`${flag.replaceAll('|', ' / ')}\``,
    isFlagOnly ? '' : `\`${key}\``,
    isFlagOnly ? '' : `\`${envName(key)}\``,
    help,
    preset,
    readers.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The page about contracts with the current table of states. */
function contractsPage(): string {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'contracts.md'), 'utf8');
  const rows = describeStates().map(
    ({ name, params, setUp, needs }) => `| ${name} | ${params} | ${setUp} | ${needs} |`,
  );
  const head = ['| state | parameter | set-up on a deployed target | needs |', '| --- | --- | --- | --- |'];
  const [before = '', rest = ''] = page.split('<!-- states -->\n');
  const after = rest.slice(rest.indexOf('<!-- end of states -->'));
  return `${before}<!-- states -->\n\n${[...head, ...rows].join('\n')}\n\n${after}`;
}

/** The generated pages by file name. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  const options = { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' };
  return {
    'findings.md': await format(findingsPage(), options),
    'contracts.md': await format(contractsPage(), options),
    'settings.md': await format(settingsPage(), options),
  };
}

if (import.meta.main) {
  for (const [name, page] of Object.entries(await generatedPages())) {
    writeFileSync(join(import.meta.dirname, '..', 'docs', name), page);
  }
}
