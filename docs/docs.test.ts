import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startStandIn } from '../fixtures/broker/broker-stand-in.ts';
import { startProvider, type Provider } from '../fixtures/provider/server.ts';
import { describeWith } from '../harness/test-support/describe-with.ts';
import { runInChild } from '../harness/test-support/run-in-child.ts';
import { k6ForTests } from '../harness/test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const root = join(import.meta.dirname, '..');
const path = join(root, 'README.md');
const readme = readFileSync(path, 'utf8');

let provider: Provider;
beforeAll(async () => {
  const quota = { limit: 20, windowMs: 2000 };
  provider = await startProvider({ port: 0, quota, limited: 'load', tokenTtlSeconds: 749, clock: Date.now });
});
afterAll(() => provider.close());

/** Ports and times differ from run to run. */
function blank(output: string): string {
  return output
    .slice(output.indexOf('✗'))
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replaceAll(/\d+\.\d s/g, '0.3 s')
    .replaceAll(/ --reports \S+/g, '')
    .replace(/reports in .*/, 'reports in reports')
    .trimEnd();
}

test('shows the output of a failing run as it is', async () => {
  const block = /```console\n\$ npm run -s mch -- (.*)\n([^]*?)\n```/.exec(readme);
  const [, command = '', shown = ''] = block ?? [];
  const { stdout, exitCode } = await runInChild(command.split(' '));
  const actual = blank(stdout);
  if (process.env['MCH_UPDATE_README'] === 'true')
    writeFileSync(
      path,
      readme.replace(shown, () => actual),
    );
  expect(exitCode).toBe(1);
  expect(shown).toBe(actual);
});

test('links to files that are there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? '');
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  expect(links.length).toBeGreaterThan(0);
});

/** The steps of an example workflow, as a shell would run them in a checkout that is installed already. */
function stepsOf(name: string): string[] {
  const [, workflow = ''] =
    new RegExp(`\`\`\`yaml\n# \\.github/workflows/${name}\n([^]*?)\`\`\``).exec(readme) ?? [];
  return [...workflow.matchAll(/- run: (.*)/g)]
    .map(([, step]) => step ?? '')
    .filter((step) => step !== 'npm ci');
}

function shell(command: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  const kept = Object.entries(process.env).filter(([key]) => !/^(SAIL_|MCH_|PACT_|npm_)/.test(key));
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', command],
      { cwd: root, env: { ...Object.fromEntries(kept), ...env } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      },
    );
  });
}

describe('the example pipelines', () => {
  describeWith(k6, () => {
    test('for pull requests run as written, with a shorter quota', async () => {
      const steps = stepsOf('conformance.yml');
      expect(steps).toEqual(['npm start']);
      for (const step of steps) {
        expect(await shell(step, { MCH_QUOTA: '20/2s' })).toMatchObject({
          code: 0,
          output: expect.stringContaining('exit 0'),
        });
      }
    });
  });

  test('for contracts run as written, against the stand-in of a broker', async () => {
    const broker = await startStandIn({ authorization: 'Bearer for-the-pipeline' });
    const { user, application } = provider.credentials;
    const env = {
      PACT_BROKER_BASE_URL: broker.url,
      PACT_BROKER_TOKEN: 'for-the-pipeline',
      SAIL_BASE_URL: provider.url,
      SAIL_CLIENT_ID: user.clientId,
      SAIL_CLIENT_SECRET: user.clientSecret,
      MCH_APPLICATION_CLIENT_ID: application.clientId,
      MCH_APPLICATION_CLIENT_SECRET: application.clientSecret,
      MCH_MANAGED_CLIENT: 'aClientId',
      CHECKED: 'staging-1',
      NO_PROXY: '127.0.0.1',
    };
    const steps = stepsOf('contracts.yml');
    expect(steps).toHaveLength(4);
    try {
      for (const step of steps) {
        expect({ step, ...(await shell(step, env)) }).toMatchObject({ step, code: 0 });
      }
      const recorded = broker.requests.map(({ method, path: asked }) => `${method} ${asked}`);
      expect(recorded.filter((line) => line.endsWith('/deployed/staging'))).toHaveLength(4);
    } finally {
      await broker.close();
    }
  });

  test('for staging run as written', async () => {
    const steps = stepsOf('staging.yml');
    expect(steps).toHaveLength(1);
    const { clientId, clientSecret } = provider.credentials.user;
    const env = {
      SAIL_BASE_URL: provider.url,
      SAIL_CLIENT_ID: clientId,
      SAIL_CLIENT_SECRET: clientSecret,
      MCH_MANAGED_CLIENT: 'aClientId',
      MCH_PACE: 'none',
    };
    for (const step of steps) {
      expect(await shell(step, env)).toMatchObject({ code: 0, output: expect.stringContaining('exit 0') });
    }
  });
});
