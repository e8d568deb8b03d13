import { request as httpRequest } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { principals, type PrincipalName } from '../../core/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { serve } from '../../test-support/serve.ts';
import { k6ForTests } from '../../test-support/tools.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';

const k6 = await k6ForTests(process.env);

let provider: Provider;
const empty = mkdtempSync(join(tmpdir(), 'mch-empty-'));

beforeAll(async () => {
  provider = await startTestProvider();
});
afterAll(async () => {
  await provider.close();
  rmSync(empty, { recursive: true, force: true });
});

const credentials = (...names: PrincipalName[]): Record<string, string> => credentialsOf(provider, ...names);

async function expiredToken(): Promise<string> {
  const body = JSON.stringify({ action: 'setup', state: 'the access token is not valid' });
  const answer = await fetch(provider.stateUrl, { method: 'POST', body });
  return ((await answer.json()) as { token: string }).token;
}

const at = (url: string, client = 'aClientId'): string[] => [
  '--target',
  url,
  '--managed-client',
  client,
  '--quota',
  '20/2s',
];
const ready = { SAIL_ACCESS_TOKEN: 'a-token' };

describe('a run that evaluates nothing does not pass and gives the reason', () => {
  test('an expired token', async () => {
    const env = { SAIL_ACCESS_TOKEN: await expiredToken() };
    const { exitCode, stdout, report } = await runCommand(['run', ...at(provider.url)], { env });
    expect([exitCode, report?.verdict]).toEqual([3, 'inconclusive']);
    expect(stdout).toContain('rejected the token (401)');
    expect(report?.layers.map(({ evaluated }) => evaluated)).toEqual([0, 0, 0, 0]);
  });

  test('an unknown managed client', async () => {
    const run = await runCommand(['run', ...at(provider.url, 'nobody')], { env: credentials('user') });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('does not know the managed client "nobody"');
  });

  test('a target that answers 429 to everything', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'Retry-After': '1' }).end('{}'));
    const run = await runCommand(['run', ...at(url)], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('answered 429 until the retries ended');
  });

  test('a target that is down', async () => {
    const run = await runCommand(['run', ...at('http://127.0.0.1:1')], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('does not respond');
  });

  test('an HTML page instead of the API', async () => {
    const url = await serve((_, response) =>
      response.setHeader('Content-Type', 'text/html').end('<html>hello</html>'),
    );
    const run = await runCommand(['run', ...at(url)], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('returned an HTML page');
  });

  test('a token endpoint that rejects the credentials', async () => {
    const env = { SAIL_CLIENT_ID: 'x', SAIL_CLIENT_SECRET: 'hush-hush' };
    const run = await runCommand(['run', ...at(provider.url)], { env });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain(
      '/oauth/token: it answered 401, invalid_client: The client credentials are not valid; check the credentials',
    );
    expect(JSON.stringify(run)).not.toContain('hush-hush');
  });

  test.each([
    ['another program as k6', '/bin/true', 'which is not a k6'],
    ['a missing k6', '/nowhere/k6', 'which is not a k6'],
  ])('%s', async (_, binary, sentence) => {
    const run = await runCommand(['run', '--quota', '20/2s'], { env: { K6_BIN: binary } });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain(sentence);
    // The results of the other layers are not lost.
    expect(run.report?.layers.find(({ name }) => name === 'property')?.verdict).toBe('pass');
  });

  test('no k6 and no way to get it', async () => {
    const env = { PATH: empty, XDG_CACHE_HOME: empty, MCH_K6_MIRROR: 'off' };
    const run = await runCommand(['run', 'load', '--quota', '20/2s'], { env });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('there is no k6 (downloads are off): install k6 2.x');
  });

  test('an empty pact folder', async () => {
    const run = await runCommand(['run', 'contracts', '--pacts', empty]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('contains no pact files');
  });
});

test('tokens that expire during a run are renewed and not a finding', async () => {
  const quota = { limit: 100, windowMs: 10_000 };
  const shortLived = await startTestProvider({ quota, tokenTtlSeconds: 1 });
  const { clientId, clientSecret } = shortLived.credentials.user;
  const env = { SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret };
  const run = await runCommand(['run', 'property', ...at(shortLived.url), '--pace', '150/1s'], { env });
  await shortLived.close();
  expect([run.exitCode, run.report?.findings.map(({ code }) => code)]).toEqual([0, []]);
});

test('a managed client that has reported one type is tested with that type', async () => {
  const proxy = await serve((request, response) => {
    const { method, url = '', headers } = request;
    const forwarded = httpRequest(provider.url, { method, path: url, headers }, (answer) => {
      if (method === 'GET' && answer.statusCode === 200 && !url.endsWith('type=VA')) {
        answer.resume();
        response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"detailCode":"404 Not found"}');
        return;
      }
      response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  const run = await runCommand(
    ['run', 'contracts', 'property', ...at(proxy), '--allow', 'read', '--pace', 'none'],
    {
      env: credentials('user', 'reader', 'application', 'other'),
    },
  );
  expect([run.exitCode, run.report?.findings]).toEqual([0, []]);
});

describe('a deployed target', () => {
  test('is tested with the credentials of user, and the other checks are skipped', async () => {
    const args = ['run', 'contracts', 'property', ...at(provider.url), '--pace', 'none'];
    const { exitCode, report } = await runCommand(args, { env: credentials('user') });
    expect(exitCode).toBe(0);
    const reasons = new Set(report?.layers.flatMap(({ skipped }) => skipped.map(({ reason }) => reason)));
    expect([...reasons]).toEqual(
      expect.arrayContaining(['needs the application principal', 'needs the reader principal']),
    );
  });

  describeWith(k6, () => {
    test('uses the quota of user if load has no credentials of its own', async () => {
      const run = (folder: string, ...names: PrincipalName[]): ReturnType<typeof runCommand> =>
        runCommand(['run', 'load', ...at(provider.url), '--reports', join(empty, folder)], {
          env: credentials(...names),
        });
      const [own, alone] = await Promise.all([run('own', 'user', 'load'), run('alone', 'user')]);
      expect([own.exitCode, own.stdout.includes('with the credentials of user')]).toEqual([0, false]);
      // This provider limits only load, so the limiter is missing for user.
      expect([alone.exitCode, alone.stdout.includes('with the credentials of user')]).toEqual([1, true]);
    });
  });

  test('receives only reads with --allow read', async () => {
    const { exitCode, report } = await runCommand(
      ['run', ...at(provider.url), '--allow', 'read', '--pace', 'none'],
      {
        env: credentials('user', 'reader', 'application', 'other'),
      },
    );
    expect(exitCode).toBe(0);
    expect(report?.notRun).toMatchObject([{ name: 'load', reason: 'needs --allow load' }]);
    const property = report?.layers.find(({ name }) => name === 'property');
    expect(property?.skipped.some(({ reason }) => reason === 'needs --allow write')).toBe(true);
  });
});

test('the output of a run with findings contains no secret', async () => {
  const env = credentials(...(Object.keys(principals) as PrincipalName[]));
  const run = await runCommand(
    ['run', 'contracts', 'property', ...at(provider.url), '--pace', 'none', '--managed-client', 'bClientId'],
    { env },
  );
  const text = JSON.stringify(run);
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
  for (const { clientSecret } of Object.values(provider.credentials))
    expect(text).not.toContain(clientSecret);
});
