import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { packagePaths } from './package-paths.ts';
import { runInChild } from './test-support/run-in-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const target = ['--target', 'http://127.0.0.1:1'];
const token = { SAIL_ACCESS_TOKEN: 'x' };

/** Bad input: one sentence on stderr, exit 2, no stack trace, nothing sent. */
describe('bad input', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['an unknown flag', ['run', '--colour'], {}, "unknown option '--colour'"],
    ['a flag that is nearly right', ['run', '--sed', '1'], {}, 'Did you mean --seed?'],
    ['an unknown command', ['rum'], {}, "unknown command 'rum'"],
    ['an unknown layer', ['run', 'stress'], {}, 'There is no layer "stress"'],
    ['an unknown fault', ['run', '--fault', 'retry-after-miss'], {}, '(did you mean retry-after-missing?)'],
    ['a target that is no URL', ['run', '--target', 'example'], {}, '--target is "example"'],
    ['a target with /beta', ['run', '--target', 'https://x.example/beta'], {}, 'without /beta'],
    [
      'a target with a password',
      ['run', '--target', 'https://a:b@x.example'],
      {},
      'without /beta, credentials',
    ],
    ['a target in the environment that is none', ['run'], { SAIL_BASE_URL: 'x' }, 'SAIL_BASE_URL is "x"'],
    [
      'a fault on a target',
      ['run', ...target, '--fault', 'drops-body'],
      token,
      'leave out the target, or the fault',
    ],
    ['no managed client', ['run', ...target], token, 'give --managed-client'],
    [
      'no credentials',
      ['run', ...target, '--managed-client', 'a'],
      {},
      'set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET',
    ],
    [
      'half a credential',
      ['run', ...target, '--managed-client', 'a'],
      { SAIL_CLIENT_ID: 'x' },
      'without its other half',
    ],
    ['a quota that is none', ['run', '--quota', '100'], {}, 'requests per seconds, such as 100/10s'],
    ['a severity that is none', ['run', '--fail-on', 'info'], {}, 'one of critical, major, minor'],
    ['a permission that is none', ['run', '--allow', 'read,fly'], {}, 'a list of read, write, load'],
    [
      'a target variable that does not exist',
      ['run'],
      { SAIL_BASE_URL: '' },
      'SAIL_BASE_URL is set but empty',
    ],
    [
      'no target, and what is for one',
      ['run', '--profile', 'staging'],
      {},
      '--profile is given without a target',
    ],
    ['credentials without a target', ['doctor'], token, 'SAIL_ACCESS_TOKEN is given without a target'],
    ['a variable that is misspelt', ['run'], { MCH_MANAGED_CLEINT: 'a' }, 'did you mean MCH_MANAGED_CLIENT?'],
    [
      'an empty broker',
      ['run', 'contracts', '--pacts', 'broker'],
      { PACT_BROKER_BASE_URL: '' },
      'is set but empty',
    ],
    [
      'a layer that is not allowed',
      ['run', 'load', '--target', 'reference', '--allow', 'read'],
      {},
      'needs --allow load',
    ],
    [
      'load elsewhere without consent',
      ['run', '--target', 'https://x.example', '--managed-client', 'a', '--allow', 'read,write,load'],
      token,
      'add --yes',
    ],
    ['a finding that is not there', ['replay', '00000000'], {}, 'no report to replay from'],
    ['a port that is none', ['provider', '--port', '70000'], {}, 'a whole number up to 65535'],
  ])('%s', async (_, args, env, sentence) => {
    const { exitCode, stderr, report } = await runInChild(args, { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(sentence) });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(report).toBeUndefined();
  });

  test('a reports folder that cannot be written', async () => {
    const { exitCode, stderr } = await runInChild(['run', '--reports', join(file('plain', ''), 'reports')]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
  });
});

test('help and version are no errors, and help names every setting and exit of the way', async () => {
  const help = await runInChild(['run', '--help']);
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('MCH_MANAGED_CLIENT');
  expect((await runInChild(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a dry run prints the costs and sends nothing', async () => {
  const { exitCode, stdout, report } = await runInChild(
    ['run', '--dry-run', '--target', 'http://127.0.0.1:1', '--managed-client', 'a'],
    { env: token },
  );
  expect([exitCode, report]).toEqual([0, undefined]);
  expect(stdout).toMatch(
    /in all +\d+ requests \(\d\.\d\d % of 500000 a month\), \d+ of them writes, 7 violations/,
  );
});

test('a dry run counts whole requests, whatever the quota', async () => {
  const { stdout } = await runInChild(['run', '--dry-run', '--profile', 'nightly', '--quota', '5/2s']);
  expect(stdout).toMatch(/ load +\d+ requests, \d+ writes/);
});

test('a k6 that lies about its end makes the run inconclusive', async () => {
  const fake = file(
    'k6',
    `#!/bin/sh
if [ "$1" = version ]; then echo '{"version":"v2.2.0"}'; exit 0; fi
if [ "$1" = inspect ]; then echo '{"scenarios":{"smoke":{}}}'; exit 0; fi
echo '{"level":"error","msg":"TypeError: planted","source":"stacktrace"}' >&2
exit 0
`,
  );
  chmodSync(fake, 0o755);
  const { exitCode, stdout } = await runInChild(['run', 'load'], { env: { K6_BIN: fake } });
  expect(exitCode).toBe(3);
  expect(stdout).toContain('the script threw an exception: TypeError: planted');
});

test.each([
  [104, 'k6 did not take the options'],
  [107, 'the script threw an exception'],
  [255, 'k6 did not take a flag'],
])('exit code %d of k6 becomes a sentence', async (code, sentence) => {
  const fake = file(
    `k6-${code}`,
    `#!/bin/sh\nif [ "$1" = version ]; then echo '{"version":"v2.2.0"}'; exit 0; fi\nexit ${code}\n`,
  );
  chmodSync(fake, 0o755);
  const { exitCode, stdout } = await runInChild(['run', 'load'], { env: { K6_BIN: fake } });
  expect([exitCode, stdout]).toEqual([3, expect.stringContaining(sentence)]);
});

test('doctor looks at the machine and the target, and changes nothing', async () => {
  const { exitCode, stdout } = await runInChild(['doctor']);
  expect(exitCode).toBe(0);
  for (const what of ['Node', 'k6', 'Go', 'Python', 'Target', 'Clock']) expect(stdout).toContain(what);
  const dead = await runInChild(['doctor', ...target, '--managed-client', 'a'], { env: token });
  expect([dead.exitCode, dead.stdout]).toEqual([3, expect.stringContaining('does not answer')]);
  expect(dead.stdout).toContain('checks of reader will be skipped: MCH_READER_CLIENT_ID is not set');
});

test('provider prints what a run against it needs, and ends when it is told to', async () => {
  const child = spawn(process.execPath, [packagePaths.command, 'provider', '--fault', 'get-without-type']);
  const printed = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const [, url = ''] = /export SAIL_BASE_URL=(\S+)/.exec(printed) ?? [];
  expect((await fetch(url)).status).toBe(200);
  expect(printed).toContain('fault get-without-type: accepts a GET without type');
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
