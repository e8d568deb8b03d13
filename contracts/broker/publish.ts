import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BrokerError } from './broker-error.ts';
import { runBrokerClient, type CliOptions } from './cli.ts';

/** The consumer version to publish. */
export interface ConsumerVersion {
  readonly version: string;
  readonly branch: string;
  readonly buildUrl: string | undefined;
  readonly tags: readonly string[];
}

export interface Contract {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
}

/**
 * Publishes contracts with one version.
 * @throws {BrokerError} with code broker.conflict if the broker has other contracts for the version
 */
export async function publishContracts(
  contracts: readonly Contract[],
  { version, branch, buildUrl, tags }: ConsumerVersion,
  options: CliOptions,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mch-publish-'));
  try {
    for (const [index, contract] of contracts.entries()) {
      await writeFile(join(folder, `${index}.json`), JSON.stringify(contract));
    }
    const optional = [
      ...(buildUrl === undefined ? [] : ['--build-url', buildUrl]),
      ...(tags.length === 0 ? [] : ['--tag', ...tags]),
    ];
    const args = ['publish', folder, '--consumer-app-version', version, '--branch', branch, ...optional];
    const { exitCode, output } = await runBrokerClient(args, options);
    if (exitCode !== 0) throw new BrokerError('broker.tool', { problem: lastLine(output) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The decision of the broker whether a version can be deployed. */
export interface DeployDecision {
  readonly isDeployable: boolean;
  /** The reason as the broker words it. */
  readonly reason: string;
}

/** The environment, and a pacticipant whose results are ignored. */
export interface Destination {
  readonly environment: string;
  readonly ignored: string;
}

/**
 * Asks the broker whether a version of a pacticipant can be deployed.
 * @throws {BrokerError}
 */
export async function canIDeploy(
  pacticipant: string,
  version: string,
  { environment, ignored }: Destination,
  options: CliOptions,
): Promise<DeployDecision> {
  const args = ['can-i-deploy', '--pacticipant', pacticipant, '--version', version, '--ignore', ignored];
  const before = options.proxy.forwarded.length;
  const result = await runBrokerClient([...args, '--to-environment', environment], options);
  // The client also exits with an error if it received no matrix.
  const isAnswered = options.proxy.forwarded
    .slice(before)
    .some(({ path, status }) => /\/matrix\b/.test(path) && status < 300);
  if (!isAnswered) throw new BrokerError('broker.tool', { problem: lastLine(result.output) });
  return { isDeployable: result.exitCode === 0, reason: reasonIn(result.output) };
}

/**
 * Records that a version is deployed to an environment.
 * @throws {BrokerError}
 */
export async function recordDeployment(
  pacticipant: string,
  version: string,
  environment: string,
  options: CliOptions,
): Promise<void> {
  const args = ['record-deployment', '--pacticipant', pacticipant, '--version', version];
  const { exitCode, output } = await runBrokerClient([...args, '--environment', environment], options);
  if (exitCode === 0) return;
  const isUnknown = /environment/i.test(output);
  throw isUnknown
    ? new BrokerError('broker.unknown-environment', { environment, reply: lastLine(output) })
    : new BrokerError('broker.tool', { problem: lastLine(output) });
}

function reasonIn(output: string): string {
  const line = output
    .split('\n')
    .find((one) => /computer says|reason|no pacts|no verified|there (is|are) /i.test(one));
  return (line ?? lastLine(output)).trim();
}

function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? 'no output'
  );
}
