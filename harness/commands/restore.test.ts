import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { readableTypes } from '../../core/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { forward } from '../../test-support/forward.ts';
import { runCommand, spawnCommand } from '../../test-support/run-command.ts';
import { serve } from '../../test-support/serve.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';
import type { Report } from '../reports/report.ts';

/** A report whose numbers and timestamp lose digits in a JavaScript program. */
const EXACT =
  '{"body":{"big":9007199254740993,"fraction":1.0,"small":1e-7},"status":"WARNING","type":"CCG","timestamp":"2020-01-01T00:00:00.1234567Z"}';

const folder = mkdtempSync(join(tmpdir(), 'mch-test-restore-'));
let provider: Provider;
let env: Record<string, string>;
let token: string;

beforeAll(async () => {
  provider = await startTestProvider();
  env = credentialsOf(provider, 'user', 'load');
  const { clientId, clientSecret } = provider.credentials.user;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const response = await fetch(`${provider.url}/oauth/token`, { method: 'POST', body });
  ({ access_token: token } = (await response.json()) as { access_token: string });
  await report(EXACT);
});

afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const urlOf = (managedClient: string): string =>
  `${provider.url}/beta/managed-clients/${managedClient}/status`;

async function report(body: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const { status } = await fetch(urlOf('aClientId'), { method: 'POST', headers, body });
  expect(status).toBe(200);
}

/** The statuses of both managed clients as text, so that numbers are compared exactly. */
async function statuses(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const managedClient of ['aClientId', 'bClientId']) {
    for (const type of readableTypes) {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${urlOf(managedClient)}?type=${type}`, { headers });
      if (response.status === 200) found[`${managedClient} ${type}`] = await response.text();
    }
  }
  return found;
}

const bothClients = ['--managed-client', 'aClientId', '--second-managed-client', 'bClientId'];

const argsFor = (target: string, ...more: readonly string[]): string[] => [
  'run',
  'property',
  '--target',
  target,
  ...bothClients,
  ...more,
];

describe('a run restores the statuses that it overwrites', () => {
  test('at its end', async () => {
    const before = await statuses();
    const {
      exitCode,
      stdout,
      report: written,
    } = await runCommand(argsFor(provider.url, '--pace', 'none'), { env });
    expect(exitCode).toBe(0);
    expect(await statuses()).toEqual(before);
    expect(stdout).toContain('statuses that the run had overwritten were restored');
    expect(written?.layers.map(({ verdict }) => verdict)).not.toContain('fail');
  });

  test('after an interruption', async () => {
    const before = await statuses();
    const reports = join(folder, 'interrupted');
    const child = spawnCommand(argsFor(provider.url, '--pace', '200/1s', '--reports', reports), env);
    let output = '';
    let isInterrupted = false;
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (isInterrupted || !/preflight: (\d+) of \1/.test(output)) return;
      isInterrupted = true;
      setTimeout(() => child.kill('SIGINT'), 700);
    });
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect({ exitCode, isInterrupted }).toEqual({ exitCode: 3, isInterrupted: true });
    expect(await statuses()).toEqual(before);
    const file = join(reports, 'report.json');
    expect(existsSync(file)).toBe(true);
    const { layers } = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(layers.find(({ name }) => name === 'property')?.stopped).toContain('Interrupted');
  });

  test('within the largest number of requests, counted at the target', async () => {
    const before = await statuses();
    let received = 0;
    const url = await serve((incoming, outgoing) => {
      if (incoming.url?.startsWith('/beta/') === true) received += 1;
      forward(incoming, outgoing, provider.url);
    });
    const { report: written } = await runCommand(argsFor(url, '--pace', 'none', '--max-requests', '60'), {
      env,
    });
    const sent = (written?.layers ?? []).reduce((sum, { requests }) => sum + requests, 0);
    expect(await statuses()).toEqual(before);
    expect(sent).toBeLessThanOrEqual(60);
    expect(received).toBeLessThanOrEqual(60);
    expect(received).toBeGreaterThan(sent);
  });

  test('not if it writes nothing', async () => {
    const { stdout } = await runCommand(argsFor(provider.url, '--allow', 'read', '--pace', 'none'), { env });
    expect(stdout).not.toContain('restored');
  });
});
