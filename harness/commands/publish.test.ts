import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

import { startStandIn, type StandIn, type StandInOptions } from '../../fixtures/broker/broker-stand-in.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { packagePaths } from '../package-paths.ts';
import { runInChild, type ChildRun } from '../test-support/run-in-child.ts';

/**
 * With PACT_BROKER_BASE_URL (and its credentials) set, the way from publishing to deployment is gone with a real
 * broker, which needs an environment named staging; what failed brokers do is always played by the stand-in.
 */
const { PACT_BROKER_BASE_URL: realBroker } = process.env;

const folder = mkdtempSync(join(tmpdir(), 'mch-broker-'));
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function standIn(options?: StandInOptions): Promise<StandIn> {
  const broker = await startStandIn(options);
  opened.push(broker);
  return broker;
}

const SECRET = 'a-broker-token-of-ours';
const opens = { authorization: `Bearer ${SECRET}` };

interface Way {
  readonly env: Record<string, string>;
  readonly recorded: () => string[];
}

async function openWay(): Promise<Way> {
  if (realBroker !== undefined) {
    const given = Object.entries(process.env).filter(([name]) => name.startsWith('PACT_BROKER_'));
    return { env: Object.fromEntries(given) as Record<string, string>, recorded: () => [] };
  }
  const broker = await standIn(opens);
  return {
    env: { PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: SECRET },
    recorded: () => broker.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
  };
}

/** As the provider's pipeline does it, with Pact's own tool. */
async function recordProvider(env: Record<string, string>): Promise<void> {
  const tool = join(packagePaths.packageJson, '..', 'node_modules', '.bin', 'pact-broker');
  const args = ['--pacticipant', 'managed-clients', '--version', version, '--environment', 'staging'];
  const own = { ...process.env, ...env, PACT_DO_NOT_TRACK: 'true', NO_PROXY: '127.0.0.1' };
  await promisify(execFile)(tool, ['record-deployment', ...args], { env: own });
}

const version = `test-${Date.now()}`;
const as = ['--consumer-version', version, '--branch', 'main'];
const results = ['--publish-results', '--provider-version', version, '--provider-branch', 'main'];
const verifyAll = ['run', 'contracts', '--pacts', 'broker', ...results];

describe('from publishing to deployment', () => {
  test('each step does its part, and the broker is told', async () => {
    const { env, recorded } = await openWay();
    const labels = ['--build-url', 'https://ci.example/1', '--tag', 'nightly'];
    const published = await runInChild(['publish', ...as, ...labels], { env });
    expect(published).toMatchObject({ exitCode: 0, stderr: '' });
    expect(published.stdout).toContain('typescript-sdk → managed-clients: 20 interactions');
    expect(published.stdout).toContain('python-sdk → managed-clients-arranged: 6 interactions');

    const early = await runInChild(['publish', ...as, '--can-i-deploy', 'staging'], { env });
    expect(early).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('may NOT') });

    const verified = await runInChild(verifyAll, { env });
    expect(verified).toMatchObject({ exitCode: 0, report: { verdict: 'pass' } });

    // The provider first: a consumer may go where what it was verified with is.
    await recordProvider(env);
    const deploy = ['--can-i-deploy', 'staging', '--record-deployment', 'staging'];
    const deployed = await runInChild(['publish', ...as, ...deploy], { env });
    expect(deployed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('may deploy') });
    expect(recorded()).toEqual(
      expect.arrayContaining([
        'POST /contracts/publish',
        'POST /pacts/provider/managed-clients/for-verification',
        `PUT /pacticipants/managed-clients/branches/main/versions/${version}`,
        'POST /pacts/0/results',
        `POST /pacticipants/go-sdk/versions/${version}/deployed/staging`,
      ]),
    );
  });

  test('selectors, pending and work in progress are asked for, and results name interactions', async () => {
    const broker = await standIn();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runInChild(['publish', ...as], { env });
    await runInChild(verifyAll, { env });
    const asked = broker.requests.find(
      ({ method, path }) => method === 'POST' && path.endsWith('for-verification'),
    );
    expect(asked?.body).toMatchObject({
      consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
      includePendingStatus: true,
      includeWipPactsSince: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      providerVersionBranch: 'main',
    });
    const told = broker.requests.filter(({ path }) => path.endsWith('/results')).map(({ body }) => body);
    expect(told).toHaveLength(6);
    for (const result of told as { success: boolean; testResults: unknown[] }[]) {
      expect(result).toMatchObject({ success: true, providerApplicationVersion: version });
      expect(result.testResults.length).toBeGreaterThan(5);
    }
  });

  test('what failed is published as failed', async () => {
    const broker = await standIn();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runInChild(['publish', ...as], { env });
    const { exitCode } = await runInChild([...verifyAll, '--fault', 'application-may-post'], { env });
    expect(exitCode).toBe(1);
    const told = broker.requests.filter(({ path }) => path.endsWith('/results')).map(({ body }) => body);
    const successes = (told as { success: boolean }[]).map(({ success }) => success);
    expect(successes.filter((success) => !success)).toHaveLength(3);
  });

  test('a pact that is new to the provider fails it with a minor finding only', async () => {
    const broker = await standIn();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runInChild(['publish', '--consumer-version', version, '--branch', 'feature'], { env });
    const pending = ['run', 'contracts', '--pacts', 'broker', '--fault', 'errors-say-nothing'];
    const run = await runInChild(pending, { env });
    expect(run.exitCode).toBe(0);
    const broken = run.report?.findings.find(({ code }) => code === 'contract.interaction.failed');
    expect(broken).toMatchObject({ severity: 'minor', documented: expect.stringContaining('[pending]') });
    // The same contract on the main branch counts, in whatever order the broker lists them.
    await runInChild(['publish', '--consumer-version', `${version}-main`, '--branch', 'main'], { env });
    expect((await runInChild(pending, { env })).exitCode).toBe(1);
  });
});

describe('results that are not whole are not published', () => {
  let provider: Provider;
  beforeAll(async () => {
    const quota = { limit: 20, windowMs: 2000 };
    provider = await startProvider({
      port: 0,
      quota,
      limited: 'load',
      tokenTtlSeconds: 749,
      clock: Date.now,
    });
  });
  afterAll(() => provider.close());

  test('and the report says why', async () => {
    const broker = await standIn();
    const { clientId, clientSecret } = provider.credentials.user;
    const env = {
      PACT_BROKER_BASE_URL: broker.url,
      SAIL_BASE_URL: provider.url,
      SAIL_CLIENT_ID: clientId,
      SAIL_CLIENT_SECRET: clientSecret,
      MCH_MANAGED_CLIENT: 'aClientId',
      MCH_PACE: 'none',
    };
    await runInChild(['publish', ...as], { env });
    const { exitCode, stdout } = await runInChild([...verifyAll, '--allow', 'read,write'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(': a report without user context" is not verifiable here');
    expect(broker.requests.filter(({ path }) => path.endsWith('/results'))).toEqual([]);
  });
});

/** Each gives a sentence, the right exit code, and no credentials. */
describe('a broker that does not do its part', () => {
  async function publishTo(env: Record<string, string>): Promise<ChildRun> {
    const run = await runInChild(['publish', ...as], { env: { PACT_BROKER_TOKEN: SECRET, ...env } });
    expect(JSON.stringify(run)).not.toContain(SECRET);
    return run;
  }

  test('none is named', async () => {
    expect(await publishTo({})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('set PACT_BROKER_BASE_URL'),
    });
  });

  test('it is down', async () => {
    expect(await publishTo({ PACT_BROKER_BASE_URL: 'http://127.0.0.1:1' })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('does not answer (ECONNREFUSED)'),
    });
  });

  test('it refuses the credentials', async () => {
    const { url } = await standIn({ authorization: 'Bearer another' });
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('refuses the credentials (401)'),
    });
  });

  test('it takes a user name and a password', async () => {
    const pair = Buffer.from('anna:secret').toString('base64');
    const { url } = await standIn({ authorization: `Basic ${pair}` });
    const login = { PACT_BROKER_TOKEN: '', PACT_BROKER_USERNAME: 'anna', PACT_BROKER_PASSWORD: 'secret' };
    expect(await publishTo({ PACT_BROKER_BASE_URL: url, ...login })).toMatchObject({ exitCode: 0 });
  });

  test('it takes them in its URL, which is shown without them', async () => {
    const pair = Buffer.from('anna:a-secret-of-anna').toString('base64');
    const { url } = await standIn({ authorization: `Basic ${pair}` });
    const withLogin = url.replace('//', '//anna:a-secret-of-anna@');
    const run = await publishTo({ PACT_BROKER_BASE_URL: withLogin, PACT_BROKER_TOKEN: '' });
    expect(run.exitCode).toBe(0);
    const wrong = withLogin.replace('anna:', 'bert:');
    const refused = await publishTo({ PACT_BROKER_BASE_URL: wrong, PACT_BROKER_TOKEN: '' });
    expect(refused.exitCode).toBe(3);
    expect(JSON.stringify([run, refused])).not.toContain('a-secret-of-anna');
  });

  test('it is no broker', async () => {
    const { url } = await standIn({ fail: () => ({ status: 404 }) });
    const run = await runInChild(verifyAll, { env: { PACT_BROKER_BASE_URL: url } });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('does not answer as a Pact broker'),
    });
  });

  test('it has other contracts under the version', async () => {
    const { url } = await standIn(opens);
    const env = { PACT_BROKER_BASE_URL: url };
    await publishTo(env);
    const pact = JSON.parse(
      readFileSync(join(packagePaths.pacts, 'go-sdk-managed-clients.json'), 'utf8'),
    ) as { interactions: unknown[] };
    pact.interactions.pop();
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(pact));
    const changed = ['publish', ...as, '--pacts', folder];
    expect(await runInChild(changed, { env: { ...env, PACT_BROKER_TOKEN: SECRET } })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('other contracts under this version (409: '),
    });
  });

  test('it redirects', async () => {
    const server = createServer((_, response) =>
      response.writeHead(301, { Location: 'https://broker.example/' }).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('redirects to https://broker.example/'),
    });
  });

  test('its certificate is its own, until it is given as trusted', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const { url } = await standIn({ ...opens, tls: { key, cert } });
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('give its authority as a file in SSL_CERT_FILE'),
    });
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, cert);
    const trusting = { PACT_BROKER_BASE_URL: url, SSL_CERT_FILE: authority };
    expect(await publishTo(trusting)).toMatchObject({ exitCode: 0 });
    const verified = await runInChild(verifyAll, { env: { ...trusting, PACT_BROKER_TOKEN: SECRET } });
    expect(verified.exitCode).toBe(0);
  });

  test('it has no pacts', async () => {
    const { url } = await standIn();
    const run = await runInChild(verifyAll, { env: { PACT_BROKER_BASE_URL: url } });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('has no pacts for managed-clients'),
    });
  });

  test('it does not take the results', async () => {
    const broker = await standIn({
      fail: ({ path }) => (path.endsWith('/results') ? { status: 500 } : undefined),
    });
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runInChild(['publish', ...as], { env });
    const run = await runInChild(verifyAll, { env });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('the results were not published'),
    });
  });

  test('it does not know the environment', async () => {
    const { url } = await standIn(opens);
    const env = { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: SECRET };
    expect(await runInChild(['publish', ...as, '--record-deployment', 'mars'], { env })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('does not know the environment mars'),
    });
  });
});

describe('settings that do not go together', () => {
  test.each([
    ['results without a broker', ['--publish-results'], 'add --pacts broker'],
    ['results without a version', ['--pacts', 'broker', '--publish-results'], 'give --provider-version'],
    ['a state endpoint without a target', ['--state-url', 'http://127.0.0.1:1'], 'give the target'],
  ])('%s', async (_, args, sentence) => {
    const env = { PACT_BROKER_BASE_URL: 'http://127.0.0.1:1' };
    const run = await runInChild(['run', 'contracts', ...args], { env });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(sentence) });
  });
});
