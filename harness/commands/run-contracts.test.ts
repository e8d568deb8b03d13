import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { PrincipalName } from '../../core/index.ts';
import { faults } from '../../fixtures/faults/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { packagePaths } from '../package-paths.ts';
import type { Report } from '../reports/report.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { fakeK6 } from '../../test-support/fake-k6.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { serve } from '../../test-support/serve.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';

/** A deployed reference provider. Its state endpoint is only used if a test passes its URL. */
let provider: Provider;
beforeAll(async () => {
  provider = await startTestProvider({ limited: 'all' });
});
afterAll(() => provider.close());

const deployed = ['--profile', 'staging', '--quota', '20/2s', '--managed-client', 'aClientId'];
const verifyAt = (url: string, ...flags: string[]): string[] => [
  'run',
  'contracts',
  '--target',
  url,
  ...deployed,
  ...flags,
];

const credentials = (...names: PrincipalName[]): Record<string, string> => credentialsOf(provider, ...names);

/** The number of skipped interactions for each reason. */
function skippedIn(report: Report | undefined): Record<string, number> {
  const skipped = report?.layers.find(({ name }) => name === 'contracts')?.skipped ?? [];
  const counts = [...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, all]) => [
    reason,
    all.length,
  ]);
  return Object.fromEntries(counts) as Record<string, number>;
}

/** The states that requests cannot set up. */
const unreachable = {
  'cannot be set up on this target: a deployed service cannot be made to fail': 6,
  'cannot be set up on this target: no principal lacks the scope to read': 3,
  'cannot be set up on this target: the API cannot create clusters and their jobs': 3,
};

describe('a deployed target', () => {
  test('with the user alone: other interactions are skipped with the reason', async () => {
    const args = verifyAt(provider.url, '--allow', 'read,write');
    const { exitCode, stdout, report } = await runCommand(args, { env: credentials('user') });
    expect([exitCode, report?.verdict]).toEqual([0, 'pass']);
    expect(skippedIn(report)).toEqual({
      ...unreachable,
      'needs --allow load': 6,
      'needs the application principal': 3,
    });
    // One request for each interaction, and a write and a read for each state that a report sets up.
    const { evaluated = 0, requests } = report?.layers.at(-1) ?? {};
    expect(requests).toBe(evaluated + 6);
    expect(stdout).toMatch(/ consumer +verified +failed +skipped +inconclusive\n +go-sdk +19 +– +7 +–\n/);
    expect(stdout).toMatch(
      /skipped: needs the application principal\n +go-sdk: a report without user context\n/,
    );
  });

  test('with reads only', async () => {
    const { exitCode, report } = await runCommand(verifyAt(provider.url, '--allow', 'read'), {
      env: credentials('user'),
    });
    expect(exitCode).toBe(0);
    expect(skippedIn(report)).toMatchObject({ 'needs --allow write': 44 });
  });

  test('with all principals and load: the quota of load is exhausted', async () => {
    const env = credentials('user', 'application', 'load');
    const { exitCode, report } = await runCommand(verifyAt(provider.url), { env });
    expect([exitCode, report?.verdict]).toEqual([0, 'pass']);
    expect(skippedIn(report)).toEqual(unreachable);
    const beyond = report?.groups.filter(({ name }) => name.endsWith('beyond the quota')) ?? [];
    expect(beyond.map(({ evaluated }) => evaluated)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('with its state endpoint: nothing is skipped', async () => {
    const args = verifyAt(provider.url, '--state-url', provider.stateUrl);
    const { exitCode, report } = await runCommand(args, { env: credentials('user') });
    expect([exitCode, skippedIn(report)]).toEqual([0, {}]);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 75, evaluated: 75 });
  });

  test('with a state endpoint that fails: all interactions are inconclusive', async () => {
    const url = await serve((_, response) => response.writeHead(500).end());
    const args = verifyAt(provider.url, '--state-url', url);
    const { exitCode, stdout, report } = await runCommand(args, { env: credentials('user') });
    expect(exitCode).toBe(3);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 75, evaluated: 0 });
    expect(stdout).toContain('the state endpoint answered 500 to "the service is failing"');
  });

  test('with an expired token: inconclusive', async () => {
    const body = JSON.stringify({ action: 'setup', state: 'the access token is not valid' });
    const answer = await fetch(provider.stateUrl, { method: 'POST', body });
    const { token } = (await answer.json()) as { token: string };
    const run = await runCommand(verifyAt(provider.url), { env: { SAIL_ACCESS_TOKEN: token } });
    expect([run.exitCode, run.report?.verdict]).toEqual([3, 'inconclusive']);
  });
});

describe('an incomplete verification', () => {
  test('loses only the interactions of a principal that is rejected', async () => {
    const env = {
      ...credentials('user'),
      MCH_APPLICATION_CLIENT_ID: 'nobody',
      MCH_APPLICATION_CLIENT_SECRET: 'hush-hush-hush',
    };
    const { exitCode, report, stdout } = await runCommand(verifyAt(provider.url, '--allow', 'read,write'), {
      env,
    });
    expect(exitCode).toBe(3);
    expect(report?.layers.at(-1)).toMatchObject({ attempted: 57, evaluated: 54 });
    expect(stdout).toContain('/oauth/token: it answered 401, invalid_client');
  });

  test('uses own tokens if the state endpoint returns none', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const args = verifyAt(provider.url, '--state-url', url, '--allow', 'read,write');
    const { report } = await runCommand(args, { env: credentials('user') });
    expect(skippedIn(report)).toMatchObject({
      'needs the application principal': 3,
      'needs the load principal': 6,
    });
  });

  test('a broken interaction can be replayed, and is gone after a repair', async () => {
    const broken = await startTestProvider({ fault: faults['errors-say-nothing'] });
    const folder = mkdtempSync(join(tmpdir(), 'mch-replay-'));
    const reports = ['--reports', folder];
    const { clientId, clientSecret } = broken.credentials.user;
    const env = { SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret };
    try {
      const run = await runCommand([...verifyAt(broken.url, '--allow', 'read,write'), ...reports], { env });
      expect(run.exitCode).toBe(1);
      const written = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
      const id = written.findings[0]?.id ?? '';
      const at = (url: string): string[] => ['replay', id, '--target', url, ...deployed, ...reports];
      expect((await runCommand(at(broken.url), { env })).exitCode).toBe(1);
      await broken.close();
      const port = Number(new URL(broken.url).port);
      const repaired = await startTestProvider({ port });
      const own = repaired.credentials.user;
      const again = { SAIL_CLIENT_ID: own.clientId, SAIL_CLIENT_SECRET: own.clientSecret };
      const gone = await runCommand(at(repaired.url), { env: again });
      await repaired.close();
      expect([gone.exitCode, gone.stdout]).toEqual([0, expect.stringContaining('is gone')]);
    } finally {
      await broken.close().catch(() => undefined);
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the state endpoint of the reference provider answers', () => {
  test.each([
    ['an unknown state', '{"state":"the moon is full"}', 422],
    ['invalid JSON', 'hello', 422],
    ['no object', '"setup"', 422],
    ['a teardown', '{"state":"the moon is full","action":"teardown"}', 200],
  ])('%s', async (_, body, status) => {
    expect((await fetch(provider.stateUrl, { method: 'POST', body })).status).toBe(status);
  });
});

describe('without Python and Go on the PATH', () => {
  const nowhere = { PATH: packagePaths.pacts, K6_BIN: fakeK6() };

  test.each([
    ['locally', {}],
    ['in a pipeline', { CI: 'true' }],
  ])('the committed pacts are verified, and doctor explains the toolchains: %s', async (_, env) => {
    const options = { env: { ...nowhere, ...env } };
    const verified = await runCommand(['run', 'contracts'], options);
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining('Passed')]);
    const doctor = await runCommand(['doctor'], options);
    expect([doctor.exitCode, doctor.stdout]).toEqual([
      0,
      expect.stringMatching(
        /Go +not installed; only needed to regenerate .*\n.*Python +not installed; only needed/,
      ),
    ]);
  });

  test('doctor fails with --require-consumers', async () => {
    const doctor = await runCommand(['doctor', '--require-consumers'], { env: nowhere });
    expect([doctor.exitCode, doctor.stdout]).toEqual([3, expect.stringMatching(/✗ Go .*\n✗ Python /)]);
  });
});
