import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { PrincipalName } from '../../core/index.ts';
import { faults } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { packagePaths } from '../package-paths.ts';
import type { Report } from '../reports/report.ts';
import { credentialsOf } from '../test-support/credentials-of.ts';
import { runInChild } from '../test-support/run-in-child.ts';
import { serve } from '../test-support/serve.ts';

/** The reference provider as if it were deployed: without its states, unless its endpoint is given. */
let provider: Provider;
beforeAll(async () => {
  const quota = { limit: 20, windowMs: 2000 };
  provider = await startProvider({ port: 0, quota, limited: 'all', tokenTtlSeconds: 749, clock: Date.now });
});
afterAll(() => provider.close());

const deployed = ['--profile', 'staging', '--quota', '20/2s', '--managed-client', 'aClientId'];
const verifyAt = (url: string, ...more: string[]): string[] => [
  'run',
  'contracts',
  '--target',
  url,
  ...deployed,
  ...more,
];

const credentials = (...names: PrincipalName[]): Record<string, string> => credentialsOf(provider, ...names);

function reasons(report: Report | undefined): Record<string, number> {
  const open = report?.layers.find(({ name }) => name === 'contracts')?.notVerifiable ?? [];
  const counts = [...Map.groupBy(open, ({ reason }) => reason)].map(([reason, all]) => [reason, all.length]);
  return Object.fromEntries(counts) as Record<string, number>;
}

const FORCED = {
  'cannot be arranged on this target: a service cannot be made to fail from outside': 6,
  'cannot be arranged on this target: no principal is without the scope to read': 3,
  'cannot be arranged on this target: clusters and their jobs cannot be made from outside': 3,
};

describe('a deployed target', () => {
  test('with the user alone: verified, or not verifiable here with the reason', async () => {
    const args = verifyAt(provider.url, '--allow', 'read,write');
    const { exitCode, stdout, report } = await runInChild(args, { env: credentials('user') });
    expect([exitCode, report?.verdict]).toEqual([0, 'pass']);
    expect(reasons(report)).toEqual({
      ...FORCED,
      'needs --allow load': 6,
      'needs the application principal': 3,
    });
    expect(stdout).toMatch(/a read of type CCG +verified +verified +verified/);
    expect(stdout).toMatch(/a report without user context +not verifiable +not verifiable +not verifiable/);
  });

  test('with reads alone', async () => {
    const { exitCode, report } = await runInChild(verifyAt(provider.url, '--allow', 'read'), {
      env: credentials('user'),
    });
    expect(exitCode).toBe(0);
    expect(reasons(report)).toMatchObject({ 'needs --allow write': 44 });
  });

  test('with every principal and load allowed, a quota is burnt, and its own only', async () => {
    const env = credentials('user', 'application', 'load');
    const { exitCode, report } = await runInChild(verifyAt(provider.url), { env });
    expect([exitCode, report?.verdict]).toEqual([0, 'pass']);
    expect(reasons(report)).toEqual(FORCED);
    const beyond = report?.groups.filter(({ name }) => name.endsWith('beyond the quota')) ?? [];
    expect(beyond.map(({ evaluated }) => evaluated)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('with its state endpoint, nothing is left out', async () => {
    const args = verifyAt(provider.url, '--state-url', provider.stateUrl);
    const { exitCode, report } = await runInChild(args, { env: credentials('user') });
    expect([exitCode, reasons(report)]).toEqual([0, {}]);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 75, evaluated: 75 });
  });

  test('with a state endpoint that fails, what needs it is inconclusive, and soon', async () => {
    const url = await serve((_, response) => response.writeHead(500).end());
    const args = verifyAt(provider.url, '--state-url', url);
    const { exitCode, stdout, report } = await runInChild(args, { env: credentials('user') });
    expect(exitCode).toBe(3);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 75, evaluated: 0 });
    expect(stdout).toContain('the state endpoint answered 500 to "the service is failing"');
  });

  test('with an expired token is never green', async () => {
    const body = JSON.stringify({ action: 'setup', state: 'the access token is not valid' });
    const answer = await fetch(provider.stateUrl, { method: 'POST', body });
    const { token } = (await answer.json()) as { token: string };
    const run = await runInChild(verifyAt(provider.url), { env: { SAIL_ACCESS_TOKEN: token } });
    expect([run.exitCode, run.report?.verdict]).toEqual([3, 'inconclusive']);
  });
});

describe('what is not whole loses nothing', () => {
  test('a refused optional principal costs its own interactions, and findings stay', async () => {
    const env = {
      ...credentials('user'),
      MCH_APPLICATION_CLIENT_ID: 'nobody',
      MCH_APPLICATION_CLIENT_SECRET: 'hush-hush-hush',
    };
    const { exitCode, report, stdout } = await runInChild(verifyAt(provider.url, '--allow', 'read,write'), {
      env,
    });
    expect(exitCode).toBe(3);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 57, evaluated: 54 });
    expect(stdout).toContain('no token for application: the token endpoint answered 401');
  });

  test('a state endpoint that gives no tokens is used with our own, where there are any', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const args = verifyAt(provider.url, '--state-url', url, '--allow', 'read,write');
    const { report } = await runInChild(args, { env: credentials('user') });
    expect(reasons(report)).toMatchObject({
      'needs the application principal': 3,
      'needs the load principal': 6,
    });
  });

  test('a broken interaction can be sent again, and is gone when it is mended', async () => {
    const quota = { limit: 20, windowMs: 2000 };
    const options = { port: 0, quota, limited: 'load', tokenTtlSeconds: 749, clock: Date.now } as const;
    const broken = await startProvider({ ...options, fault: faults['errors-say-nothing'] });
    const folder = mkdtempSync(join(tmpdir(), 'mch-replay-'));
    const reports = ['--reports', folder];
    const { clientId, clientSecret } = broken.credentials.user;
    const env = { SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret };
    try {
      const run = await runInChild([...verifyAt(broken.url, '--allow', 'read,write'), ...reports], { env });
      expect(run.exitCode).toBe(1);
      const written = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
      const id = written.findings[0]?.id ?? '';
      const at = (url: string): string[] => ['replay', id, '--target', url, ...deployed, ...reports];
      expect((await runInChild(at(broken.url), { env })).exitCode).toBe(1);
      await broken.close();
      const port = Number(new URL(broken.url).port);
      const mended = await startProvider({ ...options, port });
      const own = mended.credentials.user;
      const again = { SAIL_CLIENT_ID: own.clientId, SAIL_CLIENT_SECRET: own.clientSecret };
      const gone = await runInChild(at(mended.url), { env: again });
      await mended.close();
      expect([gone.exitCode, gone.stdout]).toEqual([0, expect.stringContaining('is gone')]);
    } finally {
      await broken.close().catch(() => undefined);
      rmSync(folder, { recursive: true });
    }
  });
});

describe('pacts of others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mch-foreign-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = {
    type: 'Synchronous/HTTP',
    description: 'a read',
    request: {
      method: 'GET',
      path: '/beta/managed-clients/aClientId/status',
      query: { type: ['CCG'] },
      headers: { Authorization: ['Bearer x'] },
    },
    response: { status: 200 },
  };
  const metadata = { pactSpecification: { version: '4.0' } };

  function write(name: string, provider: string, interactions: readonly object[]): void {
    const pact = { consumer: { name }, provider: { name: provider }, interactions, metadata };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(pact));
  }

  test('are verified as far as they can be, and the rest says why', async () => {
    const ours = { name: 'the managed client has reported' };
    const moon = { name: 'the moon is full' };
    write('without-states', 'managed-clients', [read]);
    write('with-two-states', 'managed-clients', [{ ...read, providerStates: [ours, moon] }]);
    write('of-the-past', 'managed-clients', [
      { description: 'a read', request: read.request, response: { status: 200 } },
    ]);
    write('of-somebody-else', 'orders', [read]);
    write('of-another-client', 'managed-clients', [
      { ...read, request: { ...read.request, path: '/beta/managed-clients/somebody/status' } },
    ]);
    write('of-another-api', 'managed-clients', [
      { ...read, request: { method: 'DELETE', path: '/beta/managed-clients/aClientId' } },
    ]);
    const { exitCode, report } = await runInChild(verifyAt(provider.url, '--pacts', folder), {
      env: credentials('user'),
    });
    expect(exitCode).toBe(0);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 2, evaluated: 2 });
    expect(reasons(report)).toEqual({
      'the API has no DELETE /beta/managed-clients/aClientId': 1,
      'there is no recipe for the state "the managed client has reported" and "the moon is full"': 1,
      'is no HTTP interaction of a V4 pact': 1,
      'is about the provider orders': 1,
    });
  });
});

describe('a provider state endpoint answers', () => {
  test.each([
    ['what it does not know', '{"state":"the moon is full"}', 422],
    ['what is no JSON', 'hello', 422],
    ['what is no object', '"setup"', 422],
    ['a teardown', '{"state":"the moon is full","action":"teardown"}', 200],
  ])('%s', async (_, body, status) => {
    expect((await fetch(provider.stateUrl, { method: 'POST', body })).status).toBe(status);
  });
});

/** The toolchains of Python and Go are looked for on the PATH. */
describe('a machine without Python and Go', () => {
  const nowhere = { PATH: packagePaths.pacts };

  test.each([
    ['at home', {}],
    ['in a pipeline', { CI: 'true' }],
  ])('verifies the committed pacts, and doctor says what the toolchains are for: %s', async (_, env) => {
    const options = { env: { ...nowhere, ...env } };
    const verified = await runInChild(['run', 'contracts'], options);
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining('Passed')]);
    const doctor = await runInChild(['doctor'], options);
    expect([doctor.exitCode, doctor.stdout]).toEqual([
      0,
      expect.stringMatching(/Go +not here; only needed to regenerate .*\n.*Python +not here; only needed/),
    ]);
  });

  test('fails where somebody requires them', async () => {
    const doctor = await runInChild(['doctor', '--require-consumers'], { env: nowhere });
    expect([doctor.exitCode, doctor.stdout]).toEqual([3, expect.stringMatching(/✗ Go .*\n✗ Python /)]);
  });
});
