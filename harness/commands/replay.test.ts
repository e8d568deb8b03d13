import { request as httpRequest } from 'node:http';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { PrincipalName } from '../../core/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../test-support/credentials-of.ts';
import { describeWith } from '../test-support/describe-with.ts';
import type { Report } from '../reports/report.ts';
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

const at = (url: string, client = 'aClientId'): string[] => [
  '--target',
  url,
  '--managed-client',
  client,
  '--quota',
  '20/2s',
];
const ready = { SAIL_ACCESS_TOKEN: 'a-token' };

describeWith(k6, () => {
  test('a finding of the load is not gone where nobody looked at it', async () => {
    const folder = join(empty, 'replayed-load');
    const quota = ['--quota', '20/2s', '--reports', folder];
    const fault = ['--fault', 'limit-per-operation'];
    const found = await runInChild(['run', 'load', ...quota, ...fault]);
    const { findings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
      findings: { id: string; code: string }[];
    };
    const id = findings.find(({ code }) => code === 'rate-limit.key.operation')?.id ?? '';
    expect([found.exitCode, id]).toEqual([1, expect.stringMatching(/^[0-9a-f]{8}$/)]);
    // Without writes, nobody can tell.
    const unclear = await runInChild([
      'replay',
      id,
      ...quota,
      '--target',
      'reference',
      '--allow',
      'read,load',
    ]);
    expect([unclear.exitCode, unclear.stdout]).toEqual([
      3,
      expect.stringContaining('could not be tried again'),
    ]);
    const forbidden = await runInChild(['replay', id, ...quota, '--target', 'reference', '--allow', 'read']);
    expect([forbidden.exitCode, forbidden.stderr]).toEqual([
      2,
      expect.stringContaining('needs --allow load'),
    ]);
  }, 90_000);
});

test('a finding is replayed: still there with the fault, gone without it, refused on another target', async () => {
  const folder = join(empty, 'replayed');
  const found = await runInChild(['run', 'property', '--fault', 'get-without-type', '--reports', folder]);
  const { findings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    findings: { id: string; replay: string }[];
  };
  const [{ id, replay } = { id: '', replay: '' }] = findings;
  expect([found.exitCode, replay]).toEqual([
    1,
    `npm run -s mch -- replay ${id} --fault get-without-type --reports ${folder}`,
  ]);
  const still = await runInChild(['replay', id, '--fault', 'get-without-type', '--reports', folder]);
  expect([still.exitCode, still.stdout]).toEqual([1, expect.stringContaining('is still there')]);
  const gone = await runInChild(['replay', id, '--reports', folder]);
  expect([gone.exitCode, gone.stdout]).toEqual([0, expect.stringContaining('is gone')]);
  const other = await runInChild(['replay', id, '--reports', folder, ...at(provider.url)], { env: ready });
  expect([other.exitCode, other.stderr]).toEqual([
    2,
    expect.stringContaining('replay it with the same target'),
  ]);
});

test('a failure that comes once in fifty requests is reproduced, and is never gone after a few good answers', async () => {
  let requests = 0;
  let every = 50;
  const url = await serve((request, response) => {
    const forwarded = httpRequest(provider.url + (request.url ?? ''), {
      method: request.method,
      headers: request.headers,
    });
    forwarded.on('response', (answer) => {
      requests += request.method === 'POST' && answer.statusCode === 200 ? 1 : 0;
      const isBroken = requests % every === 0 && request.method === 'POST' && answer.statusCode === 200;
      response.writeHead(isBroken ? 500 : (answer.statusCode ?? 0), answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  const reports = join(empty, 'once-in-fifty');
  const args = [...at(url), '--pace', 'none', '--reports', reports];
  const env = credentials('user');
  const found = await runInChild(['run', 'property', '--seed', '1', ...args], { env });
  const { findings } = JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8')) as Report;
  const {
    id = '',
    count = 0,
    sent = 0,
  } = findings.find(({ code }) => code === 'response.status.server-error') ?? {};
  expect(found.exitCode).toBe(1);
  expect((sent ?? 0) / count).toBeGreaterThan(20);
  const again = await runInChild(['replay', id, ...args], { env });
  expect([again.exitCode, again.stdout]).toEqual([
    1,
    expect.stringMatching(/is still there: .* \(seen in try \d+\)/),
  ]);
  every = Infinity;
  const mended = await runInChild(['replay', id, ...args], { env });
  expect([mended.exitCode, mended.stdout]).toEqual([
    3,
    expect.stringMatching(/was not seen in \d+ tries; it was seen \d+ of \d+ times/),
  ]);
});

test('what the fuzzer found is a file that can be sent anywhere, and is sent first where it is committed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mch-corpus-'));
  const reports = join(folder, 'reports');
  const broken = ['--fault', 'rejects-iiq-harvester'];
  await runInChild(['run', 'property', ...broken, '--reports', reports], { cwd: folder });
  const [name = ''] = readdirSync(join(reports, 'corpus'));
  const entry = join(reports, 'corpus', name);
  expect((await runInChild(['replay', entry])).exitCode).toBe(0);
  expect((await runInChild(['replay', entry, ...broken])).exitCode).toBe(1);
  const elsewhere = ['replay', entry, ...at(provider.url, 'bClientId')];
  expect((await runInChild(elsewhere, { env: credentials('user') })).exitCode).toBe(0);
  cpSync(join(reports, 'corpus'), join(folder, 'fuzz-corpus'), { recursive: true });
  const again = await runInChild(['run', 'property', '--max-requests', '20', ...broken], { cwd: folder });
  expect(again.exitCode).toBe(1);
  writeFileSync(join(folder, 'fuzz-corpus', 'none.json'), '{}');
  const spoilt = await runInChild(['run', 'property'], { cwd: folder });
  expect([spoilt.exitCode, spoilt.stderr]).toEqual([2, expect.stringContaining('no finding of the fuzzer')]);
  rmSync(folder, { recursive: true });
});
