import { spawn } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { principals, type PrincipalName } from '../../core/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { packagePaths } from '../package-paths.ts';
import { credentialsOf } from '../test-support/credentials-of.ts';
import { describeWith } from '../test-support/describe-with.ts';
import { runInChild } from '../test-support/run-in-child.ts';
import { serve } from '../test-support/serve.ts';
import { k6ForTests } from '../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

let provider: Provider;
const empty = mkdtempSync(join(tmpdir(), 'mch-empty-'));

beforeAll(async () => {
  provider = await startProvider({
    port: 0,
    quota: { limit: 20, windowMs: 2000 },
    limited: 'load',
    tokenTtlSeconds: 749,
    clock: Date.now,
  });
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

/** Runs that evaluate nothing: none of them may be green, and each says why in one sentence. */
describe('nothing passes because nothing ran', () => {
  test('an expired token', async () => {
    const env = { SAIL_ACCESS_TOKEN: await expiredToken() };
    const { exitCode, stdout, report } = await runInChild(['run', ...at(provider.url)], { env });
    expect([exitCode, report?.verdict]).toEqual([3, 'inconclusive']);
    expect(stdout).toContain('refuses the token (401)');
    expect(report?.layers.map(({ evaluated }) => evaluated)).toEqual([0, 0, 0, 0]);
  });

  test('a managed client that is not there', async () => {
    const run = await runInChild(['run', ...at(provider.url, 'nobody')], { env: credentials('user') });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('does not know the managed client "nobody"');
  });

  test('a target that answers 429 to everything', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'Retry-After': '1' }).end('{}'));
    const run = await runInChild(['run', ...at(url)], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('answered 429 until patience ran out');
  });

  test('a target that is down', async () => {
    const run = await runInChild(['run', ...at('http://127.0.0.1:1')], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('does not answer');
  });

  test('a page instead of an API', async () => {
    const url = await serve((_, response) =>
      response.setHeader('Content-Type', 'text/html').end('<html>hello</html>'),
    );
    const run = await runInChild(['run', ...at(url)], { env: ready });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('answers with an HTML page');
  });

  test('a token endpoint that refuses the credentials', async () => {
    const env = { SAIL_CLIENT_ID: 'x', SAIL_CLIENT_SECRET: 'hush-hush' };
    const run = await runInChild(['run', ...at(provider.url)], { env });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('There is no token for user: the token endpoint answered 401');
    expect(JSON.stringify(run)).not.toContain('hush-hush');
  });

  test.each([
    ['a k6 that is none', '/bin/true', 'which is no k6'],
    ['a k6 that is not there', '/nowhere/k6', 'which is no k6'],
  ])('%s', async (_, binary, sentence) => {
    const run = await runInChild(['run', '--quota', '20/2s'], { env: { K6_BIN: binary } });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain(sentence);
    // What the other layers measured is not lost.
    expect(run.report?.layers.find(({ name }) => name === 'property')?.verdict).toBe('pass');
  });

  test('no k6 and no way to get it', async () => {
    const env = { PATH: empty, XDG_CACHE_HOME: empty, MCH_K6_MIRROR: 'off' };
    const run = await runInChild(['run', 'load', '--quota', '20/2s'], { env });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('there is no k6 (downloads are off): install k6 2.x');
  });

  test('an empty pact folder', async () => {
    const run = await runInChild(['run', 'contracts', '--pacts', empty]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('holds no interactions');
  });

  const stillReports = async (layer: string, sign: string, more: readonly string[]): Promise<void> => {
    const folder = join(empty, `interrupted-${layer}`);
    const args = ['run', 'property', 'load', '--quota', '20/2s', '--reports', folder, ...more];
    const child = spawn(process.execPath, [packagePaths.command, ...args]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(sign) && !child.killed) setTimeout(() => child.kill('SIGINT'), 1000);
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
      layers: { name: string; evaluated: number }[];
    };
    expect([code, output.includes('Interrupted'), /\n\s+at /.test(output)]).toEqual([3, true, false]);
    expect(report.layers.find(({ name }) => name === layer)?.evaluated).toBeGreaterThan(0);
  };

  test('a run that was interrupted in the layer property still writes its report', async () => {
    expect.hasAssertions();
    await stillReports('property', '❯ property', ['--fault', 'slow-but-fine']);
  });

  describeWith(k6, () => {
    test('a run that was interrupted in the layer load still writes its report', async () => {
      expect.hasAssertions();
      await stillReports('load', '❯ load', []);
    });
  });
});

test('tokens that expire under way are renewed, and are no finding', async () => {
  const options = {
    port: 0,
    quota: { limit: 100, windowMs: 10_000 },
    limited: 'load',
    clock: Date.now,
  } as const;
  const shortLived = await startProvider({ ...options, tokenTtlSeconds: 1 });
  const { clientId, clientSecret } = shortLived.credentials.user;
  const env = { SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret };
  const run = await runInChild(['run', 'property', ...at(shortLived.url), '--pace', '150/1s'], { env });
  await shortLived.close();
  expect([run.exitCode, run.report?.findings.map(({ code }) => code)]).toEqual([0, []]);
});

test('a client that has reported one type only is judged by that type', async () => {
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
  const run = await runInChild(
    ['run', 'contracts', 'property', ...at(proxy), '--allow', 'read', '--pace', 'none'],
    {
      env: credentials('user', 'reader', 'application', 'other'),
    },
  );
  expect([run.exitCode, run.report?.findings]).toEqual([0, []]);
});

describe('a target of somebody else', () => {
  test('is judged with what the user alone can show, and lists the rest', async () => {
    const args = ['run', 'contracts', 'property', ...at(provider.url), '--pace', 'none'];
    const { exitCode, report } = await runInChild(args, { env: credentials('user') });
    expect(exitCode).toBe(0);
    const reasons = new Set(
      report?.layers.flatMap(({ notVerifiable }) => notVerifiable.map(({ reason }) => reason)),
    );
    expect([...reasons]).toEqual(
      expect.arrayContaining(['needs the application principal', 'needs the reader principal']),
    );
  });

  describeWith(k6, () => {
    test('shares the quota of user where load has no credentials of its own', async () => {
      const run = (folder: string, ...names: PrincipalName[]): ReturnType<typeof runInChild> =>
        runInChild(['run', 'load', ...at(provider.url), '--reports', join(empty, folder)], {
          env: credentials(...names),
        });
      const [own, alone] = await Promise.all([run('own', 'user', 'load'), run('alone', 'user')]);
      expect([own.exitCode, own.stdout.includes('used those of user')]).toEqual([0, false]);
      // The provider limits nobody but load here, so that the limiter is missing for user.
      expect([alone.exitCode, alone.stdout.includes('used those of user')]).toEqual([1, true]);
    });
  });

  test('gets reads only unless more is allowed', async () => {
    const { exitCode, report } = await runInChild(
      ['run', ...at(provider.url), '--allow', 'read', '--pace', 'none'],
      {
        env: credentials('user', 'reader', 'application', 'other'),
      },
    );
    expect(exitCode).toBe(0);
    expect(report?.notRun).toMatchObject([{ what: 'load', reason: 'needs --allow load' }]);
    const property = report?.layers.find(({ name }) => name === 'property');
    expect(property?.notVerifiable.some(({ reason }) => reason === 'needs --allow write')).toBe(true);
  });
});

test('no secret is in any output of a run that finds something', async () => {
  const env = credentials(...(Object.keys(principals) as PrincipalName[]));
  const run = await runInChild(
    ['run', 'contracts', 'property', ...at(provider.url), '--pace', 'none', '--managed-client', 'bClientId'],
    { env },
  );
  const text = JSON.stringify(run);
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
  for (const { clientSecret } of Object.values(provider.credentials))
    expect(text).not.toContain(clientSecret);
});
