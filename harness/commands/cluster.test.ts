import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { packagePaths } from '../package-paths.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { k6ForTests } from '../../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const folder = mkdtempSync(join(tmpdir(), 'mch-cluster-'));
const opened: Provider[] = [];
afterAll(async () => {
  for (const provider of opened) await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const quota = { limit: 40, windowMs: 1000 };
const PROFILE = ['average', '--quota', '40/1s', '--segments', '2', '--managed-client', 'aClientId'];

async function start(fault?: FaultName): Promise<Provider> {
  const options = { port: 0, quota, limited: 'load', tokenTtlSeconds: 60, clock: Date.now } as const;
  const provider = await startProvider({ ...options, ...(fault && { fault: faults[fault] }) });
  opened.push(provider);
  return provider;
}

interface AppliedManifest {
  readonly script: string;
  readonly arguments: string[];
  readonly env: Record<string, string>;
}

/** Writes the manifest for a target and extracts the parts that the operator and its runners use. */
async function applyManifest(provider: Provider, name: string): Promise<AppliedManifest> {
  const reports = join(folder, name);
  const env = credentialsOf(provider, 'user');
  const run = await runCommand(['cluster', ...PROFILE, '--target', provider.url, '--reports', reports], {
    env,
  });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  const text = readFileSync(join(reports, 'cluster', 'test-run.yaml'), 'utf8');
  const [config, testRun] = parseAllDocuments(text).map((document) => document.toJS() as unknown) as [
    { data: Record<string, string> },
    { spec: { arguments: string; runner: { env: { name: string; value: string }[] } } },
  ];
  const script = join(folder, `${name}.js`);
  writeFileSync(script, config.data['script.js'] ?? '');
  return {
    script,
    arguments: testRun.spec.arguments.split(' '),
    env: Object.fromEntries(testRun.spec.runner.env.map((one) => [one.name, one.value])),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function tokenOfLoad(provider: Provider): Promise<string> {
  const { clientId, clientSecret } = provider.credentials.load;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = await fetch(`${provider.url}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Acts as the initializer and two runners of the k6-operator 1.5.0. @returns the logs of the runners */
async function runAsOperator(provider: Provider, name: string): Promise<string[]> {
  const { script, arguments: args, env } = await applyManifest(provider, name);
  const secrets = join(folder, `${name}.tokens`);
  writeFileSync(secrets, `own=${await tokenOfLoad(provider)}\n`);
  const podEnv = { ...env, PATH: process.env['PATH'], K6_SECRET_SOURCE: `file=${secrets}` };
  const runK6 = (own: readonly string[], log: string): Promise<number> => {
    const child = spawn(k6.binary, own, { env: podEnv, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const file = createWriteStream(log);
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    return new Promise((resolve) => child.once('close', (code) => file.end(() => resolve(code ?? -1))));
  };
  const archive = join(folder, `${name}.tar`);
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  expect(
    await runK6(['archive', script, ...variables, '-O', archive, ...args], join(folder, 'archive.log')),
  ).toBe(0);
  expect(await runK6(['inspect', '--execution-requirements', archive], join(folder, 'inspect.log'))).toBe(0);
  const [, token = ''] = readFileSync(secrets, 'utf8').trim().split('=');
  expect(readFileSync(archive, 'latin1')).not.toContain(token);
  const ports = [await freePort(), await freePort()];
  const logs = ports.map((_, index) => join(folder, `${name}-${index}.log`));
  const segments = ['0:1/2', '1/2:1'];
  const runners = ports.map((port, index) =>
    runK6(
      [
        'run',
        '--quiet',
        `--execution-segment=${segments[index]}`,
        '--execution-segment-sequence=0,1/2,1',
        ...args,
        script,
        `--address=127.0.0.1:${port}`,
        '--paused',
        '--tag',
        `instance_id=${index + 1}`,
        '--tag',
        'testrun_name=mch-load-average',
      ],
      logs[index] ?? '',
    ),
  );
  for (const port of ports) await resume(port);
  expect(await Promise.all(runners)).toEqual([0, 0]);
  return logs;
}

/** Starts a runner, as the starter of the operator does. */
async function resume(port: number): Promise<void> {
  const body = JSON.stringify({ data: { attributes: { paused: false }, id: 'default', type: 'status' } });
  for (let tries = 0; tries < 100; tries++) {
    const url = `http://127.0.0.1:${port}/v1/status`;
    const answer = await fetch(url, { method: 'PATCH', body }).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(50);
  }
  throw new Error('the runner does not listen');
}

const judge = (logs: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand(['cluster', '--logs', ...logs, '--reports', join(folder, 'verdict')]);

describeWith(k6, () => {
  test('two runners have one verdict, and the log of one of them is inconclusive', async () => {
    const [first = '', second = ''] = await runAsOperator(await start(), 'sound');
    const both = await judge([first, second]);
    expect([both.exitCode, both.stdout]).toEqual([0, expect.stringContaining('keeps its contract')]);
    // Half of the quota for three windows. k6 may omit requests when a rate starts.
    const [, count] = /load +pass +(\d+) of \1 evaluated/.exec(both.stdout) ?? [];
    expect(Math.abs(Number(count) - 62)).toBeLessThanOrEqual(3);
    const again = await judge([first, second, first]);
    expect([again.exitCode, again.stdout]).toEqual([
      0,
      expect.stringContaining(` ${count} of ${count} evaluated`),
    ]);
    // The same log twice counts once.
    for (const logs of [[first], [first, first]]) {
      const half = await judge(logs);
      expect([half.exitCode, half.stdout]).toEqual([3, expect.stringContaining('1 of 2 runners completed')]);
    }
    const log = readFileSync(first, 'utf8');
    expect(log).not.toContain('eyJ');
  });

  test('the log of a killed runner is inconclusive, and its error is shown', async () => {
    const log = join(folder, 'killed.log');
    const [first = ''] = await runAsOperator(await start('slow-answers'), 'killed');
    writeFileSync(log, readFileSync(first, 'utf8').replace(/.*\\"end\\".*\n/, ''));
    const { exitCode, stdout } = await judge([log]);
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining('0 of 2 runners completed')]);
    writeFileSync(log, '{"level":"error","msg":"Error: no value","source":"stacktrace"}\n');
    const none = await judge([log]);
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('Error: no value')]);
  });

  test('latency is judged over all runners', async () => {
    const logs = await runAsOperator(await start('slow-answers'), 'slow');
    const { exitCode, stdout } = await judge(logs);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('load.latency')]);
    // A single machine cannot reproduce the load.
    expect(stdout).not.toContain('Replay');
    const others = logs.map((log) => log.replace('slow-', 'sound-'));
    const mixed = await judge([logs[0] ?? '', others[1] ?? '']);
    expect([mixed.exitCode, mixed.stderr]).toEqual([2, expect.stringContaining('of more than one load')]);
  });
});

test.each([
  ['no profile', ['cluster'], 'Name a stress profile'],
  ['an unknown profile', ['cluster', 'tsunami'], 'There is no stress profile "tsunami"'],
  ['no target', ['cluster', 'average'], 'set --target'],
  ['a missing log', ['cluster', '--logs', '/nowhere.log'], '/nowhere.log cannot be read (ENOENT)'],
  ['a profile and logs', ['cluster', 'average', '--logs', 'a.log'], 'not both'],
  ['a log of something else', ['cluster', '--logs', packagePaths.packageJson], 'no runner started'],
])('%s is a usage error', async (_, args, sentence) => {
  const { exitCode, stderr } = await runCommand([...args, '--reports', join(folder, 'none')]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

test('the URL of Prometheus must not contain credentials', async () => {
  const provider = await start();
  const env = {
    ...credentialsOf(provider, 'user'),
    K6_PROMETHEUS_RW_SERVER_URL: 'http://me:password@127.0.0.1:9090/api/v1/write',
  };
  const args = ['cluster', ...PROFILE, '--target', provider.url, '--reports', join(folder, 'none')];
  const { exitCode, stderr } = await runCommand(args, { env });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('without credentials')]);
  expect(stderr).not.toContain('password');
});

test('a remote target gets no load without consent', async () => {
  const env = { SAIL_ACCESS_TOKEN: 'none', SAIL_BASE_URL: 'https://tenant.invalid' };
  const args = ['cluster', ...PROFILE, '--allow', 'read,load', '--reports', join(folder, 'none')];
  const { exitCode, stderr } = await runCommand(args, { env });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('This would send 65 requests')]);
});
