import { request as httpRequest } from 'node:http';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { PrincipalName } from '../../core/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import type { Report } from '../reports/report.ts';
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
  test('a finding of the load layer is not gone if it was not checked', async () => {
    const folder = join(empty, 'replayed-load');
    const quota = ['--quota', '20/2s', '--reports', folder];
    const fault = ['--fault', 'limit-per-operation'];
    const found = await runCommand(['run', 'load', ...quota, ...fault]);
    const { findings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
      findings: { id: string; code: string }[];
    };
    const id = findings.find(({ code }) => code === 'rate-limit.key.operation')?.id ?? '';
    expect([found.exitCode, id]).toEqual([1, expect.stringMatching(/^[0-9a-f]{8}$/)]);
    // Without writes the check is skipped.
    const inconclusive = await runCommand([
      'replay',
      id,
      ...quota,
      '--target',
      'reference',
      '--allow',
      'read,load',
    ]);
    expect([inconclusive.exitCode, inconclusive.stdout]).toEqual([
      3,
      expect.stringContaining('could not be tried'),
    ]);
    const forbidden = await runCommand(['replay', id, ...quota, '--target', 'reference', '--allow', 'read']);
    expect([forbidden.exitCode, forbidden.stderr]).toEqual([
      2,
      expect.stringContaining('needs the permission load'),
    ]);
  });
});

test('a finding is reproduced with the fault, gone without it, and rejected on another target', async () => {
  const folder = join(empty, 'replayed');
  const found = await runCommand(['run', 'property', '--fault', 'get-without-type', '--reports', folder]);
  const { findings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    findings: { id: string; replay: string }[];
  };
  const [{ id, replay } = { id: '', replay: '' }] = findings;
  expect([found.exitCode, replay]).toEqual([
    1,
    `npm run -s mch -- replay ${id} --fault get-without-type --reports ${folder}`,
  ]);
  const reproduced = await runCommand(['replay', id, '--fault', 'get-without-type', '--reports', folder]);
  expect([reproduced.exitCode, reproduced.stdout]).toEqual([1, expect.stringContaining('is reproduced')]);
  const gone = await runCommand(['replay', id, '--reports', folder]);
  expect([gone.exitCode, gone.stdout]).toEqual([0, expect.stringContaining('is gone')]);
  const other = await runCommand(['replay', id, '--reports', folder, ...at(provider.url)], { env: ready });
  expect([other.exitCode, other.stderr]).toEqual([
    2,
    expect.stringContaining('replay it with the same target'),
  ]);
});

test('a failure of one in fifty requests is reproduced, and not gone after a few good responses', async () => {
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
  const found = await runCommand(['run', 'property', '--seed', '1', ...args], { env });
  const { findings } = JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8')) as Report;
  const {
    id = '',
    count = 0,
    sent = 0,
  } = findings.find(({ code }) => code === 'response.status.server-error') ?? {};
  expect(found.exitCode).toBe(1);
  expect((sent ?? 0) / count).toBeGreaterThan(20);
  const again = await runCommand(['replay', id, ...args], { env });
  expect([again.exitCode, again.stdout]).toEqual([1, expect.stringMatching(/is reproduced in try \d+: /)]);
  every = Infinity;
  const repaired = await runCommand(['replay', id, ...args], { env });
  expect([repaired.exitCode, repaired.stdout]).toEqual([
    3,
    expect.stringMatching(/did not occur in \d+ tries; it occurred \d+ of \d+ times/),
  ]);
});

test('a finding is stored as a corpus file, which can be replayed anywhere and is sent first in later runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mch-corpus-'));
  const reports = join(folder, 'reports');
  const broken = ['--fault', 'rejects-iiq-harvester'];
  await runCommand(['run', 'property', ...broken, '--reports', reports], { cwd: folder });
  const [name = ''] = readdirSync(join(reports, 'corpus'));
  const entry = join(reports, 'corpus', name);
  expect((await runCommand(['replay', entry])).exitCode).toBe(0);
  expect((await runCommand(['replay', entry, ...broken])).exitCode).toBe(1);
  const elsewhere = ['replay', entry, ...at(provider.url, 'bClientId')];
  expect((await runCommand(elsewhere, { env: credentials('user') })).exitCode).toBe(0);
  cpSync(join(reports, 'corpus'), join(folder, 'fuzz-corpus'), { recursive: true });
  const again = await runCommand(['run', 'property', '--max-requests', '20', ...broken], { cwd: folder });
  expect(again.exitCode).toBe(1);
  writeFileSync(join(folder, 'fuzz-corpus', 'none.json'), '{}');
  const invalid = await runCommand(['run', 'property'], { cwd: folder });
  expect([invalid.exitCode, invalid.stderr]).toEqual([
    2,
    expect.stringContaining('not a finding of the property layer'),
  ]);
  rmSync(folder, { recursive: true });
});
