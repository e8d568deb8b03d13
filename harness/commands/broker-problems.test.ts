import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

import { runCommand, type CommandRun } from '../../test-support/run-command.ts';
import { serve } from '../../test-support/serve.ts';
import { startTestBroker } from '../../test-support/start-test-broker.ts';
import { packagePaths } from '../package-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-broker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'a-broker-token-of-ours';
const withToken = { authorization: `Bearer ${SECRET}` };

const as = ['--consumer-version', '1.0.0', '--branch', 'main'];
const results = ['--publish-results', '--provider-version', '1.0.0', '--provider-branch', 'main'];
const verifyReference = ['run', 'contracts', '--pacts', 'broker', ...results, '--target', 'reference'];

describe('problems with a broker are explained, without credentials', () => {
  async function publishTo(env: Record<string, string>): Promise<CommandRun> {
    const run = await runCommand(['publish', ...as], { env: { PACT_BROKER_TOKEN: SECRET, ...env } });
    expect(JSON.stringify(run)).not.toContain(SECRET);
    return run;
  }

  test('no broker', async () => {
    expect(await publishTo({})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('set PACT_BROKER_BASE_URL'),
    });
  });

  test('an unreachable broker', async () => {
    expect(await publishTo({ PACT_BROKER_BASE_URL: 'http://127.0.0.1:1' })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('does not respond (ECONNREFUSED)'),
    });
  });

  test('rejected credentials', async () => {
    const { url } = await startTestBroker({ authorization: 'Bearer another' });
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('rejects the credentials (401)'),
    });
  });

  test('a user name and a password are accepted', async () => {
    const pair = Buffer.from('anna:secret').toString('base64');
    const { url } = await startTestBroker({ authorization: `Basic ${pair}` });
    const login = { PACT_BROKER_TOKEN: '', PACT_BROKER_USERNAME: 'anna', PACT_BROKER_PASSWORD: 'secret' };
    expect(await publishTo({ PACT_BROKER_BASE_URL: url, ...login })).toMatchObject({ exitCode: 0 });
  });

  test('credentials in the URL are accepted and hidden', async () => {
    const pair = Buffer.from('anna:a-secret-of-anna').toString('base64');
    const { url } = await startTestBroker({ authorization: `Basic ${pair}` });
    const withLogin = url.replace('//', '//anna:a-secret-of-anna@');
    const run = await publishTo({ PACT_BROKER_BASE_URL: withLogin, PACT_BROKER_TOKEN: '' });
    expect(run.exitCode).toBe(0);
    const wrong = withLogin.replace('anna:', 'bert:');
    const refused = await publishTo({ PACT_BROKER_BASE_URL: wrong, PACT_BROKER_TOKEN: '' });
    expect(refused.exitCode).toBe(3);
    expect(JSON.stringify([run, refused])).not.toContain('a-secret-of-anna');
  });

  test('another server', async () => {
    const { url } = await startTestBroker({ fail: () => ({ status: 404 }) });
    const run = await runCommand(verifyReference, { env: { PACT_BROKER_BASE_URL: url } });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('is not a Pact broker'),
    });
  });

  test('other contracts for the same version', async () => {
    const { url } = await startTestBroker(withToken);
    const env = { PACT_BROKER_BASE_URL: url };
    await publishTo(env);
    const pact = JSON.parse(
      readFileSync(join(packagePaths.pacts, 'go-sdk-managed-clients.json'), 'utf8'),
    ) as { interactions: unknown[] };
    pact.interactions.pop();
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(pact));
    const changed = ['publish', ...as, '--pacts', folder];
    expect(await runCommand(changed, { env: { ...env, PACT_BROKER_TOKEN: SECRET } })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('other contracts for this version (409: '),
    });
  });

  test('a redirect', async () => {
    const url = await serve((_, response) =>
      response.writeHead(301, { Location: 'https://broker.example/' }).end(),
    );
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('redirects to https://broker.example/'),
    });
  });

  test('a self-signed certificate, until it is trusted', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const { url } = await startTestBroker({ ...withToken, tls: { key, cert } });
    expect(await publishTo({ PACT_BROKER_BASE_URL: url })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('set SSL_CERT_FILE to the certificate of its authority'),
    });
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, cert);
    const trusting = { PACT_BROKER_BASE_URL: url, SSL_CERT_FILE: authority };
    expect(await publishTo(trusting)).toMatchObject({ exitCode: 0 });
    const verified = await runCommand(verifyReference, { env: { ...trusting, PACT_BROKER_TOKEN: SECRET } });
    expect(verified.exitCode).toBe(0);
  });

  test('a broker without pacts', async () => {
    const { url } = await startTestBroker();
    const run = await runCommand(verifyReference, { env: { PACT_BROKER_BASE_URL: url } });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('selects no pacts for managed-clients'),
    });
  });

  test('rejected results', async () => {
    const broker = await startTestBroker({
      fail: ({ path }) => (path.endsWith('-results') ? { status: 500 } : undefined),
    });
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runCommand(['publish', ...as], { env });
    const run = await runCommand(verifyReference, { env });
    expect(run).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('the results were not published'),
    });
  });

  test.each([
    ['a page instead of a stored result', '-results', 'is not a Pact broker'],
    ['a branch that is not recorded', '/branches/main/', 'the broker does not know managed-clients'],
  ])('%s', async (_, part, sentence) => {
    const status = part === '-results' ? 200 : 404;
    const { url } = await startTestBroker({
      fail: ({ path }) => (path.includes(part) ? { status } : undefined),
    });
    const env = { PACT_BROKER_BASE_URL: url };
    await runCommand(['publish', ...as], { env });
    const run = await runCommand(verifyReference, { env });
    expect(run).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(sentence) });
  });

  test('an unknown environment', async () => {
    const { url } = await startTestBroker(withToken);
    const env = { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: SECRET };
    expect(await runCommand(['publish', ...as, '--record-deployment', 'mars'], { env })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('has no environment mars: create it with'),
    });
  });
});
