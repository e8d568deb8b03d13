import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import type { Provider } from '../fixtures/provider/server.ts';
import { commands, runKeys } from '../harness/commands/index.ts';
import { flagName } from '../harness/settings/table.ts';
import { generatedPages } from '../scripts/docs-pages.ts';
import { credentialsOf } from '../test-support/credentials-of.ts';
import { describeWith } from '../test-support/describe-with.ts';
import { runCommand } from '../test-support/run-command.ts';
import { startTestBroker } from '../test-support/start-test-broker.ts';
import { k6ForTests } from '../test-support/tools.ts';
import { startTestProvider } from '../test-support/start-test-provider.ts';

const k6 = await k6ForTests(process.env);
const root = join(import.meta.dirname, '..');
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

let provider: Provider;
beforeAll(async () => {
  provider = await startTestProvider();
});
afterAll(() => provider.close());

test('generated pages are up to date; npm run docs writes them', async () => {
  for (const [name, page] of Object.entries(await generatedPages())) {
    expect(textOf(`docs/${name}`)).toBe(page);
  }
});

/** Replaces the parts of an output that differ between runs or change with every new check. */
function blankVariables(output: string): string {
  return output
    .slice(output.indexOf('✗'))
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replaceAll(/\d+\.\d s/g, '0.3 s')
    .replaceAll(/ --reports \S+/g, '')
    .replace(/reports in .*/, 'reports in reports')
    .trimEnd();
}

const blankCounts = (output: string): string =>
  output.replaceAll(/\b\d+ (of|evaluated|requests|times)/g, 'N $1');

describe('console blocks show the output of their command', () => {
  const blocks = pages.flatMap((page) =>
    [...textOf(page).matchAll(/```console\n\$ npm run -s mch -- (.*)\n([^]*?)\n```/g)].map(
      ([, command = '', output = '']) => ({ page, command, output }),
    ),
  );

  test.each(blocks)('$page: $command', async ({ page, command, output }) => {
    const { stdout, exitCode } = await runCommand(command.split(' '));
    const actual = blankVariables(stdout);
    if (process.env['MCH_UPDATE_DOCS'] === 'true') {
      writeFileSync(
        join(root, page),
        textOf(page).replace(output, () => actual),
      );
    }
    expect(exitCode).toBe(1);
    expect(blankCounts(output)).toBe(blankCounts(actual));
  });
});

test('all commands in shell blocks and tables exist with their flags', () => {
  const shown = pages.flatMap((page) => [
    ...textOf(page).matchAll(/(?:npm run -s mch --|\bmch) ([a-z]+)\b([^`#\n]*)|npm start -- ([^`#\n]*)/g),
  ]);
  const unknown = shown.flatMap(([line, name = 'run', flags, runFlags]) => {
    const command = commands.find((one) => one.name === name);
    if (command === undefined) return [line];
    const { reads, acceptsRunFlags } = command;
    const known = [...reads, ...(acceptsRunFlags ? runKeys : [])].map((key) => `--${flagName(key)}`);
    const used = (flags ?? runFlags ?? '').match(/--[a-z][\w-]*/g) ?? [];
    return used
      .filter((flag) => flag !== '--help' && !known.includes(flag))
      .map((flag) => `${line}: ${flag}`);
  });
  expect(unknown).toEqual([]);
  expect(shown.length).toBeGreaterThan(20);
});

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

test('links lead to existing files and headings', () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].map(([, file = '', anchor = '']) => ({
      page,
      target: file === '' ? page : join(page, '..', file),
      anchor,
    })),
  );
  const broken = links.filter(({ target, anchor }) => {
    if (!existsSync(join(root, target))) return true;
    const headings = anchor === '' ? [] : [...textOf(target).matchAll(/^#+ (.*)$/gm)];
    return anchor !== '' && !headings.some(([, heading = '']) => anchorOf(heading) === anchor);
  });
  expect(broken).toEqual([]);
  expect(links.length).toBeGreaterThan(20);
});

function shell(
  command: string,
  env: Record<string, string>,
): Promise<{ readonly code: number; readonly output: string }> {
  const kept = Object.entries(process.env).filter(([key]) => !/^(SAIL_|MCH_|PACT_|npm_)/.test(key));
  const options = { cwd: root, env: { ...Object.fromEntries(kept), ...env } };
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** The commands of an example pipeline, except the installation. */
function stepsOf(file: string): string[] {
  const text = textOf(`examples/${file}`);
  const commandsIn = /- run: (.*)|sh '(.*)'|^ {4}- (npm .*)$/gm;
  return [...text.matchAll(commandsIn)]
    .map(([, run, sh, script]) => run ?? sh ?? script ?? '')
    .filter((step) => step !== 'npm ci');
}

/** A pipeline installs and runs several commands, and other tests run at the same time. */
const PIPELINE_MS = 300_000;

describe('the example pipelines', () => {
  const staging = 'npm start -- contracts property --profile staging --allow read,write --yes';
  const target = (): Record<string, string> => ({
    ...credentialsOf(provider, 'user', 'application'),
    SAIL_BASE_URL: provider.url,
    MCH_MANAGED_CLIENT: 'aClientId',
  });

  test.each([
    'github/conformance.yml',
    'github/contracts.yml',
    'github/staging.yml',
    'gitlab/.gitlab-ci.yml',
  ])('%s is valid YAML', (file) => {
    expect(parse(textOf(`examples/${file}`))).toBeInstanceOf(Object);
  });

  test('have the same steps', () => {
    expect(stepsOf('github/conformance.yml')).toEqual(['npm start']);
    expect(stepsOf('github/staging.yml')).toEqual([staging]);
    expect(stepsOf('gitlab/.gitlab-ci.yml')).toEqual(['npm start -- --target reference', staging]);
    expect(stepsOf('jenkins/Jenkinsfile')).toEqual([staging]);
  });

  describeWith(k6, () => {
    test(
      'conformance of the reference provider, here with a shorter quota',
      async () => {
        expect(await shell('npm start', { MCH_QUOTA: '20/2s' })).toMatchObject({
          code: 0,
          output: expect.stringContaining('exit 0'),
        });
      },
      PIPELINE_MS,
    );
  });

  test(
    'staging, here a local provider',
    async () => {
      expect(await shell(staging, { ...target(), MCH_PACE: 'none' })).toMatchObject({
        code: 0,
        output: expect.stringContaining('exit 0'),
      });
    },
    PIPELINE_MS,
  );

  test(
    'contracts, here with the stand-in of a broker',
    async () => {
      const broker = await startTestBroker({ authorization: 'Bearer for-the-pipeline' });
      const env = {
        ...target(),
        PACT_BROKER_BASE_URL: broker.url,
        PACT_BROKER_TOKEN: 'for-the-pipeline',
        PROVIDER_VERSION: 'staging-1',
        NO_PROXY: '127.0.0.1',
      };
      const steps = stepsOf('github/contracts.yml');
      expect(steps).toHaveLength(4);
      // A team creates its environments once.
      const created = await shell('npx pact-broker create-environment --name staging', env);
      expect(created.code).toBe(0);
      for (const step of steps) {
        expect({ step, ...(await shell(step, env)) }).toMatchObject({ step, code: 0 });
      }
      const pact = broker.requests.find(({ path }) => path.includes('/go-sdk/pact-version/'))?.path ?? '';
      const hook = {
        PACT_URL: `${broker.url}${pact}`,
        PROVIDER_VERSION: 'staging-2',
        PROVIDER_BRANCH: 'main',
      };
      const [verifyOne = ''] = stepsOf('github/webhook.yml');
      expect(await shell(verifyOne, { ...env, ...hook })).toMatchObject({ code: 0 });
      const requests = broker.requests.map(({ method, path }) => `${method} ${path}`);
      expect(requests.filter((line) => line.includes('/deployed-versions/environment/'))).toHaveLength(4);
    },
    PIPELINE_MS,
  );
});
