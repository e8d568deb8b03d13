import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { commands, runKeys } from '../harness/commands/index.ts';
import { flagName } from '../harness/settings/table.ts';
import { officialRelease } from '../load/k6-binary/release.ts';
import { runCommand } from '../test-support/run-command.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: readonly (Step & { readonly env?: Readonly<Record<string, string>> })[] };
}

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const workflowFiles = readdirSync(join(root, 'examples/github')).map((name) => `examples/github/${name}`);
const GITLAB = 'examples/gitlab/.gitlab-ci.yml';
const JENKINS = 'examples/jenkins/Jenkinsfile';
const pipelineFiles = [...workflowFiles, GITLAB, JENKINS];

const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow;
const jobsOf = (file: string): Job[] => Object.values(workflowOf(file).jobs);
const action = parse(textOf('action.yml')) as Action;
const actionStep = action.runs.steps.find(({ id }) => id === 'run');

describe.each([...workflowFiles, 'action.yml'])('%s', (file) => {
  const steps = file === 'action.yml' ? action.runs.steps : jobsOf(file).flatMap((job) => job.steps);

  test('pins actions by commit and names their version', () => {
    const uses = textOf(file).match(/uses: .*/g) ?? [];
    expect(
      uses.filter((line) => !/^uses: [\w-]+(\/[\w-]+)+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([]);
    expect(uses.length).toBeGreaterThan(0);
  });

  test('passes no expression into a shell', () => {
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });
});

describe.each(workflowFiles)('%s', (file) => {
  test('limits permissions, time and concurrency', () => {
    const { permissions, concurrency } = workflowOf(file);
    expect(permissions).toEqual({});
    expect(concurrency.group).not.toBe('');
    for (const job of jobsOf(file)) {
      expect({ 'security-events': 'write', ...job.permissions }).toEqual({
        contents: 'read',
        'security-events': 'write',
      });
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  test('stores no token of a checkout, and keeps the reports of a failed run', () => {
    const steps = jobsOf(file).flatMap((job) => job.steps);
    const of = (name: string): Step[] => steps.filter(({ uses }) => uses?.startsWith(`actions/${name}@`));
    for (const checkout of of('checkout'))
      expect(checkout.with).toMatchObject({ 'persist-credentials': false });
    expect(of('upload-artifact')).toEqual([expect.objectContaining({ if: 'always()' })]);
  });
});

interface ExampleCommand {
  readonly file: string;
  readonly line: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** The commands of the harness in an example. */
function commandsIn(file: string): ExampleCommand[] {
  const found = textOf(file).matchAll(/npm start(?: -- ([^'\n]*))?|node harness\/bin\.ts ([a-z]+)([^'\n]*)/g);
  return [...found].map(([line, runArgs, name = 'run', args]) => ({
    file,
    line,
    name,
    args: (runArgs ?? args ?? '').split(' ').filter((word) => word !== ''),
  }));
}

const exampleCommands = pipelineFiles.flatMap(commandsIn);

test('every example runs a command with existing flags', () => {
  expect(pipelineFiles.filter((file) => commandsIn(file).length === 0)).toEqual([]);
  const unknown = exampleCommands.flatMap(({ name, args }) => {
    const reads = commands.find((one) => one.name === name)?.reads ?? [];
    const known = reads.map((key) => `--${flagName(key)}`);
    return args
      .filter((word) => word.startsWith('--') && !known.includes(word))
      .map((flag) => `${name} ${flag}`);
  });
  expect(unknown).toEqual([]);
});

/** The settings of a pipeline, with values for its secrets and variables. */
function settingsIn(file: string): Record<string, string> {
  const assigned = textOf(file).matchAll(/^\s*((?:SAIL|MCH)_\w+)(?: =|:) (.*)$/gm);
  const settings = [...assigned].map(([, name = '', value = '']): [string, string] => [
    name,
    name === 'MCH_REPORTS' ? 'reports' : value.replaceAll("'", '').replace(/^\$\{\{ .* \}\}$/, 'of-a-secret'),
  ]);
  return {
    SAIL_CLIENT_ID: 'of-a-secret',
    SAIL_CLIENT_SECRET: 'of-a-secret',
    ...Object.fromEntries(settings),
    SAIL_BASE_URL: 'http://127.0.0.1:9',
  };
}

// A dry run with the broker would need it. The test of the docs executes these commands.
const runsWithoutBroker = exampleCommands.filter(
  ({ name, args }) => name === 'run' && !args.includes('--pacts'),
);

test.each(runsWithoutBroker)('$file: the settings of $line are valid', async ({ file, args }) => {
  const run = await runCommand(['run', ...args, '--dry-run'], { env: settingsIn(file) });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
});

describe('action.yml', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mch-action-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the step as a runner does, with its outputs. */
  function runAction(inputs: Record<string, string>): Promise<{ code: number; outputs: string }> {
    const kept = Object.entries(process.env).filter(([key]) => !/^(SAIL_|MCH_|PACT_|npm_)/.test(key));
    const empty = Object.keys(actionStep?.env ?? {}).map((name) => [name, '']);
    const file = join(folder, `outputs-${Object.values(inputs).join('-').replaceAll(/\W/g, '')}`);
    const env = {
      ...Object.fromEntries([...kept, ...empty]),
      INPUT_REPORTS: join(folder, 'reports'),
      ...inputs,
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: file,
    };
    const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', actionStep?.run ?? ''];
    return new Promise((resolve) => {
      execFile('bash', bash, { cwd: folder, env }, (error) => {
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, outputs: readFileSync(file, 'utf8') });
      });
    });
  }

  test('passes each input through the environment to an existing flag', () => {
    const passed = Object.values(actionStep?.env ?? {});
    expect(passed).toEqual(
      expect.arrayContaining(Object.keys(action.inputs).map((name) => `\${{ inputs.${name} }}`)),
    );
    const flags = actionStep?.run?.match(/--[a-z][a-z-]*(?= "\$)/g) ?? [];
    expect(runKeys.map((key) => `--${flagName(key)}`)).toEqual(expect.arrayContaining(flags));
    expect(flags).toHaveLength(passed.length - 2);
  });

  test('runs with layers and arguments', async () => {
    const inputs = {
      INPUT_TARGET: 'reference',
      INPUT_LAYERS: 'contracts property',
      INPUT_ARGS: '--dry-run\n--seed 1',
    };
    expect(await runAction(inputs)).toMatchObject({ code: 0, outputs: 'verdict=pass\n' });
  });

  test('rejects an empty target', async () => {
    expect(await runAction({ INPUT_TARGET: '' })).toEqual({ code: 2, outputs: 'verdict=inconclusive\n' });
  });
});

describe('Dockerfile', () => {
  const text = textOf('Dockerfile');
  const ignored = textOf('.dockerignore').trim().split('\n');

  test('pins its images', () => {
    const images = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
    expect(images.filter((image) => !/^[\w/]+:[\w.-]+@sha256:[\da-f]{64}$/.test(image))).toEqual([]);
  });

  test('copies what the package contains', () => {
    const { files } = JSON.parse(textOf('package.json')) as { files: string[] };
    const copied = [...text.matchAll(/^COPY --from=build \/build\/(\S+) \.\//gm)].map(
      ([, path = '']) => path,
    );
    for (const file of files.filter((name) => !name.startsWith('!'))) {
      expect(copied.some((path) => file.startsWith(path))).toBe(true);
    }
    const sources = copied.filter((path) => path !== 'dist');
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(sources.filter((path) => ignored.some((name) => path.startsWith(name)))).toEqual([]);
  });

  test('runs the command as a user without privileges', () => {
    expect(text).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(text).toContain('ENTRYPOINT ["mch"]');
  });
});

test('all files name the supported versions of Node and k6', () => {
  const { version } = JSON.parse(textOf('harness/runtime/package.json')) as { version: string };
  const named = (pattern: RegExp): Set<string> =>
    new Set(
      [...pipelineFiles, 'action.yml', 'Dockerfile'].flatMap((file) =>
        [...textOf(file).matchAll(pattern)].map(([, found = '']) => found),
      ),
    );
  expect(named(/\bnode:([\d.]+)/g)).toEqual(new Set([version]));
  expect(named(/\bk6[:-]([\d.]+)/g)).toEqual(new Set([officialRelease.version]));
});
