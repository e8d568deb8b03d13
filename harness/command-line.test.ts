import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { fakeK6 } from '../test-support/fake-k6.ts';
import { runCommand, spawnCommand } from '../test-support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** This machine may have no k6, which doctor would report. */
const K6_BIN = fakeK6();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const target = ['--target', 'http://127.0.0.1:1'];
const token = { SAIL_ACCESS_TOKEN: 'x' };

describe('bad input is explained in a sentence, with exit code 2', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['an unknown flag', ['run', '--colour'], {}, "unknown option '--colour'"],
    ['a misspelt flag', ['run', '--sed', '1'], {}, 'Did you mean --seed?'],
    ['an unknown command', ['rum'], {}, "unknown command 'rum'"],
    ['an unknown layer', ['run', 'stress'], {}, 'There is no layer "stress"'],
    ['an unknown fault', ['run', '--fault', 'retry-after-miss'], {}, '(did you mean retry-after-missing?)'],
    [
      'a target that is not a URL',
      ['run', '--target', 'example'],
      {},
      '--target has the invalid value "example"',
    ],
    ['a target with /beta', ['run', '--target', 'https://x.example/beta'], {}, 'without /beta'],
    [
      'a target with a password',
      ['run', '--target', 'https://a:b@x.example'],
      {},
      'without /beta, credentials',
    ],
    [
      'an invalid target in the environment',
      ['run'],
      { SAIL_BASE_URL: 'x' },
      'SAIL_BASE_URL has the invalid value "x"',
    ],
    [
      'a fault on a target',
      ['run', ...target, '--fault', 'drops-body'],
      token,
      'remove the target or use --target reference',
    ],
    ['no managed client', ['run', ...target], token, 'set --managed-client'],
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
      'without its counterpart',
    ],
    ['an invalid quota', ['run', '--quota', '100'], {}, 'requests per seconds, such as 100/10s'],
    ['an invalid severity', ['run', '--fail-on', 'info'], {}, 'one of critical, major, minor'],
    ['an invalid permission', ['run', '--allow', 'read,fly'], {}, 'a list of read, write, load'],
    ['an empty target variable', ['run'], { SAIL_BASE_URL: '' }, 'SAIL_BASE_URL is set but empty'],
    [
      'a setting of targets without a target',
      ['run', '--profile', 'staging'],
      {},
      '--profile is given without a target',
    ],
    ['credentials without a target', ['doctor'], token, 'SAIL_ACCESS_TOKEN is given without a target'],
    ['a misspelt variable', ['run'], { MCH_MANAGED_CLEINT: 'a' }, 'did you mean MCH_MANAGED_CLIENT?'],
    [
      'an empty broker',
      ['run', 'contracts', '--pacts', 'broker'],
      { PACT_BROKER_BASE_URL: '' },
      'is set but empty',
    ],
    [
      'a layer without permission',
      ['run', 'load', '--target', 'reference', '--allow', 'read'],
      {},
      'needs the permission load',
    ],
    [
      'load on a remote target without consent',
      ['run', '--target', 'https://x.example', '--managed-client', 'a', '--allow', 'read,write,load'],
      token,
      'add --yes',
    ],
    ['a finding without a report', ['replay', '00000000'], {}, 'There is no report at'],
    ['an invalid port', ['provider', '--port', '70000'], {}, 'a whole number up to 65535'],
  ])('%s', async (_, args, env, sentence) => {
    const { exitCode, stderr, report } = await runCommand(args, { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(sentence) });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(report).toBeUndefined();
  });

  test('a reports folder that is not writable', async () => {
    const { exitCode, stderr } = await runCommand(['run', '--reports', join(file('plain', ''), 'reports')]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is not writable')]);
  });
});

describe('help', () => {
  test('lists the settings that the command reads, profiles, severities and exit codes', async () => {
    const help = await runCommand(['run', '--help']);
    expect([help.exitCode, help.stderr]).toEqual([0, '']);
    for (const part of ['MCH_MANAGED_CLIENT', 'Profiles:', 'Severities:', 'Exit codes:']) {
      expect(help.stdout).toContain(part);
    }
    expect(help.stdout).not.toContain('--can-i-deploy');
    const provider = await runCommand(['provider', '--help']);
    expect(provider.stdout).toContain('Faults L, benign variants:');
    expect(provider.stdout).not.toContain('--managed-client');
  });

  test('and version are not errors', async () => {
    const { exitCode, stdout } = await runCommand(['--version']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

test('a flag of run that has no effect on a command is accepted with a warning', async () => {
  const { exitCode, stderr } = await runCommand(['doctor', '--seed', '1'], { env: { K6_BIN } });
  expect([exitCode, stderr]).toEqual([0, 'mch: --seed has no effect on doctor.\n']);
});

test('a dry run prints the costs and sends nothing', async () => {
  const { exitCode, stdout, report } = await runCommand(
    ['run', '--dry-run', '--target', 'http://127.0.0.1:1', '--managed-client', 'a'],
    { env: token },
  );
  expect([exitCode, report]).toEqual([0, undefined]);
  expect(stdout).toMatch(
    /total +about \d+ requests \(\d\.\d\d % of 500000 a month\), \d+ of them writes, 7 violations/,
  );
});

test('a dry run counts whole requests for any quota', async () => {
  const { stdout } = await runCommand(['run', '--dry-run', '--profile', 'nightly', '--quota', '5/2s']);
  expect(stdout).toMatch(/ load +\d+ requests, \d+ writes/);
});

test('an exception in k6, which exits with 0, makes the run inconclusive', async () => {
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
  const { exitCode, stdout } = await runCommand(['run', 'load'], { env: { K6_BIN: fake } });
  expect(exitCode).toBe(3);
  expect(stdout).toContain('the script threw an exception: TypeError: planted');
});

test.each([
  [104, 'k6 rejected the options'],
  [107, 'the script threw an exception'],
  [255, 'k6 rejected a flag'],
])('exit code %d of k6 is explained', async (code, sentence) => {
  const fake = file(
    `k6-${code}`,
    `#!/bin/sh\nif [ "$1" = version ]; then echo '{"version":"v2.2.0"}'; exit 0; fi\nexit ${code}\n`,
  );
  chmodSync(fake, 0o755);
  const { exitCode, stdout } = await runCommand(['run', 'load'], { env: { K6_BIN: fake } });
  expect([exitCode, stdout]).toEqual([3, expect.stringContaining(sentence)]);
});

test('doctor checks the tools and the target', async () => {
  const { exitCode, stdout } = await runCommand(['doctor'], { env: { K6_BIN } });
  expect(exitCode).toBe(0);
  for (const what of ['Node', 'k6', 'Go', 'Python', 'Target', 'Clock']) expect(stdout).toContain(what);
  const dead = await runCommand(['doctor', ...target, '--managed-client', 'a'], { env: token });
  expect([dead.exitCode, dead.stdout]).toEqual([3, expect.stringContaining('does not respond')]);
  expect(dead.stdout).toContain('skipped: checks of reader, because MCH_READER_CLIENT_ID is not set');
});

test('provider prints the settings for a run against it, and ends after SIGTERM', async () => {
  const child = spawnCommand(['provider', '--fault', 'get-without-type']);
  const printed = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const [, url = ''] = /export SAIL_BASE_URL=(\S+)/.exec(printed) ?? [];
  expect((await fetch(url)).status).toBe(200);
  expect(printed).toContain('fault get-without-type: accepts a GET without type');
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
