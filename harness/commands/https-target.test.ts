import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

import { listenOnLoopback, type LoopbackServer } from '../../core/node/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { forward } from '../../test-support/forward.ts';
import { spawnCommand } from '../../test-support/run-command.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';
import { k6ForTests } from '../../test-support/tools.ts';

const k6 = await k6ForTests(process.env);
const folder = mkdtempSync(join(tmpdir(), 'mch-test-https-'));
const certificate = join(folder, 'certificate.pem');
let provider: Provider;
let server: LoopbackServer;
let target: string;

beforeAll(async () => {
  provider = await startTestProvider({ quota: { limit: 20, windowMs: 2000 } });
  const keys = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  writeFileSync(certificate, keys.cert);
  const https = createServer({ key: keys.private, cert: keys.cert }, (incoming, outgoing) =>
    forward(incoming, outgoing, provider.url),
  );
  server = await listenOnLoopback(https);
  target = `https://localhost:${new URL(server.url).port}`;
});

afterAll(async () => {
  await server.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Node reads NODE_EXTRA_CA_CERTS when it starts, so that the command needs a process of its own. */
async function runAt(layers: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const args = ['--target', target, '--managed-client', 'aClientId', '--quota', '20/2s', '--pace', 'none'];
  const reports = ['--reports', join(folder, layers.join('-'))];
  const credentials = credentialsOf(provider, 'user', 'load');
  const child = spawnCommand(['run', ...layers, ...args, ...reports], { ...credentials, ...env });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, output };
}

test('an unknown certificate ends the run with one sentence', async () => {
  const { exitCode, output } = await runAt(['contracts'], {});
  expect(exitCode).toBe(3);
  expect(output).toContain('NODE_EXTRA_CA_CERTS');
});

describeWith(k6, () => {
  test('Node and k6 trust NODE_EXTRA_CA_CERTS', async () => {
    const { exitCode, output } = await runAt(['load'], { NODE_EXTRA_CA_CERTS: certificate });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output });
  });
});
