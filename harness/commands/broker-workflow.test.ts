import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import type { BrokerStandIn } from '../../fixtures/broker/broker-stand-in.ts';
import {
  BROKER_PREFIX,
  differencesFromRecording,
  recordedSteps,
  type RecordedStep,
} from '../../fixtures/broker/compare-with-recordings.ts';
import { packagePaths } from '../package-paths.ts';
import { runCommand, type CommandRun } from '../../test-support/run-command.ts';
import { startTestBroker } from '../../test-support/start-test-broker.ts';

/**
 * The workflow of a team with its own consumers and its own provider name. If PACT_BROKER_BASE_URL and its credentials are
 * set, it uses that broker, empty or used; otherwise the stand-in, whose exchanges are compared with recordings.
 */
const { PACT_BROKER_BASE_URL: realBroker } = process.env;

const run = Date.now().toString(36);
const provider = `mch-test-provider-${run}`;
const consumers = [`mch-test-console-${run}`, `mch-test-portal-${run}`] as const;
const ENVIRONMENT = 'mch-test';
const folder = mkdtempSync(join(tmpdir(), 'mch-workflow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = {
  description: 'a read',
  providerStates: [{ name: 'the managed client has reported' }],
  request: { method: 'GET', path: '/beta/managed-clients/aClientId/status', query: 'type=CCG' },
  response: { status: 200, body: { type: 'CCG' } },
};

/** A pact of specification 3 as the consumer's tests write it. */
function writePact(name: string, consumer: string, status = 200): string {
  const path = join(folder, name);
  const interactions = [read, { ...read, description: 'another read', response: { status } }];
  const metadata = { pactSpecification: { version: '3.0.0' } };
  writeFileSync(
    path,
    JSON.stringify({ consumer: { name: consumer }, provider: { name: provider }, interactions, metadata }),
  );
  return path;
}

let standIn: BrokerStandIn | undefined;

async function brokerEnvironment(): Promise<Record<string, string>> {
  if (realBroker !== undefined) {
    const given = Object.entries(process.env).filter(([name]) => name.startsWith('PACT_BROKER_'));
    return Object.fromEntries(given) as Record<string, string>;
  }
  standIn = await startTestBroker({ authorization: 'Bearer a-token', prefix: BROKER_PREFIX });
  return { PACT_BROKER_BASE_URL: standIn.url, PACT_BROKER_TOKEN: 'a-token' };
}

interface ToolRun {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs Pact's own broker command. */
function runPactBroker(args: readonly string[], env: Record<string, string>): Promise<ToolRun> {
  const tool = join(packagePaths.packageJson, '..', 'node_modules', '.bin', 'pact-broker');
  const own = { ...process.env, ...env, PACT_DO_NOT_TRACK: 'true', NO_PROXY: '127.0.0.1' };
  return new Promise((resolve) => {
    execFile(tool, args, { env: own }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, output: `${stdout}${stderr}` });
    });
  });
}

describe('the workflow of a team with its own provider', () => {
  const differences: string[] = [];
  const compared = new Set<RecordedStep>();

  /** Executes a step and compares its exchanges with the recording. */
  async function step<T>(name: RecordedStep, execute: () => Promise<T>): Promise<T> {
    const before = standIn?.exchanges.length ?? 0;
    const result = await execute();
    if (standIn !== undefined) {
      differences.push(...differencesFromRecording(name, standIn.exchanges.slice(before)));
    }
    compared.add(name);
    return result;
  }

  test('each step succeeds, agrees with Pact, and has the exchanges of a real broker', async () => {
    const env = await brokerEnvironment();
    writePact('console.json', consumers[0]);
    writePact('portal.json', consumers[1]);
    const publish = (version: string, ...args: string[]): Promise<CommandRun> =>
      runCommand(['publish', '--pacts', folder, '--consumer-version', version, '--branch', 'main', ...args], {
        env,
      });
    const verify = (version: string, ...args: string[]): Promise<CommandRun> => {
      const as = ['--provider-version', version, '--provider-branch', 'main', '--provider-name', provider];
      return runCommand(['run', 'contracts', '--target', 'reference', '--pacts', 'broker', ...as, ...args], {
        env,
      });
    };
    const unknown = await verify('p0');
    expect([unknown.exitCode, unknown.stdout]).toEqual([
      3,
      expect.stringContaining(`selects no pacts for ${provider}`),
    ]);

    const published = await step('publish', () => publish('c1'));
    expect([published.exitCode, published.stderr]).toEqual([0, '']);
    expect(published.stdout).toContain(`published       ${consumers[0]} → ${provider}: 2 interactions`);
    expect(published.stdout).toMatch(
      new RegExp(`/pacts/provider/${provider}/consumer/${consumers[0]}/version/c1`),
    );
    expect((await step('publish the same again', () => publish('c1'))).exitCode).toBe(0);

    writePact('console.json', consumers[0], 418);
    const conflict = await step('publish other content under the same version', () => publish('c1'));
    expect([conflict.exitCode, conflict.stderr]).toEqual([3, expect.stringContaining('409')]);
    const onBranch = ['publish', '--pacts', join(folder, 'console.json'), '--consumer-version', 'w1'];
    const feature = await step('publish a changed pact on a branch', () =>
      runCommand([...onBranch, '--branch', 'feat/wip'], { env }),
    );
    expect(feature.exitCode).toBe(0);
    writePact('console.json', consumers[0]);

    const nowhere = await step('can-i-deploy to an environment that is not there', () =>
      publish('c1', '--can-i-deploy', `no-${run}`),
    );
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      3,
      expect.stringContaining(`pact-broker create-environment --name no-${run}`),
    ]);
    // It exists in a broker that was used before.
    await step('create the environment', () =>
      runPactBroker(['create-environment', '--name', ENVIRONMENT], env),
    );

    const early = await step('can-i-deploy before verification', () =>
      publish('c1', '--can-i-deploy', ENVIRONMENT),
    );
    expect([early.exitCode, early.stdout]).toEqual([
      1,
      expect.stringContaining(`unknown         ${consumers[0]}`),
    ]);
    expect(await canIDeployWithPact(env)).not.toBe(0);

    const verified = await step('verify and publish results', () => verify('p1', '--publish-results'));
    // The changed pact fails, but it is work in progress.
    expect(verified.stderr).toBe('');
    expect([verified.exitCode, verified.report?.findings.map(({ severity }) => severity)]).toEqual([
      0,
      ['minor'],
    ]);
    expect(verified.stdout).toMatch(
      new RegExp(`  ${consumers[0]} w1 \\[pending\\][^a-z]+work in progress: `),
    );
    expect(verified.stdout).toContain(`results published for\n    ${consumers[0]} c1 → ${provider}\n`);
    const results = verified.report?.groups.filter(({ name }) => name.startsWith('result of '));
    expect(results?.map(({ evaluated }) => evaluated)).toEqual([1, 1, 1]);

    await step('record the provider', () => deployWithPact(env));
    const deploy = ['--can-i-deploy', ENVIRONMENT, '--record-deployment', ENVIRONMENT];
    const deployed = await step('can-i-deploy and record', () => publish('c1', ...deploy));
    expect([deployed.exitCode, deployed.stdout]).toEqual([
      0,
      expect.stringContaining(`recorded        ${consumers[1]}`),
    ]);
    expect(await canIDeployWithPact(env)).toBe(0);
    const same = await step('can-i-deploy of the same content under another version', () =>
      publish('c2', '--can-i-deploy', ENVIRONMENT),
    );
    expect(same.exitCode).toBe(0);
    const again = await step('verify again, a pact failed before', () => verify('p2', '--publish-results'));
    expect(again.exitCode).toBe(0);
    expect((await step('verify without publishing', () => verify('p3'))).exitCode).toBe(0);
    expect(differences).toEqual([]);
    expect([...compared]).toEqual(recordedSteps);
  });

  async function canIDeployWithPact(env: Record<string, string>): Promise<number> {
    const args = [
      'can-i-deploy',
      '--pacticipant',
      consumers[0],
      '--version',
      'c1',
      '--to-environment',
      ENVIRONMENT,
    ];
    return (await runPactBroker(args, env)).exitCode;
  }

  function deployWithPact(env: Record<string, string>): Promise<ToolRun> {
    const args = ['--pacticipant', provider, '--version', 'p1', '--environment', ENVIRONMENT];
    return runPactBroker(['record-deployment', ...args], env);
  }
});
