import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runBrokerClient, type CliOptions } from './cli.ts';
import { BrokerError } from './broker-error.ts';

/** A version of consumers, as the broker files it. */
export interface ConsumerVersion {
  readonly version: string;
  readonly branch: string;
  readonly buildUrl: string | undefined;
  readonly tags: readonly string[];
}

/** A pact as it goes to the broker. */
export interface Contract {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
}

/**
 * Publishes contracts under one version.
 * @throws {BrokerError} of code broker.conflict where the version has other contracts already
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

/** What the broker says to a question whether a version may be deployed. */
export interface DeployAnswer {
  readonly isDeployable: boolean;
  /** Its reason, in its own words. */
  readonly reason: string;
}

/** Where a version is to be deployed, and the pacticipants there that are not asked about. */
export interface Destination {
  readonly environment: string;
  readonly ignored: string;
}

/** Asks whether a version of a pacticipant may be deployed. @throws {BrokerError} */
export async function canIDeploy(
  pacticipant: string,
  version: string,
  { environment, ignored }: Destination,
  options: CliOptions,
): Promise<DeployAnswer> {
  const args = ['can-i-deploy', '--pacticipant', pacticipant, '--version', version, '--ignore', ignored];
  const before = options.door.passed.length;
  const answer = await runBrokerClient([...args, '--to-environment', environment], options);
  // No is an answer of the matrix; without one nothing was answered.
  const isAnswered = options.door.passed
    .slice(before)
    .some(({ path, status }) => /\/matrix\b/.test(path) && status < 300);
  if (!isAnswered) throw new BrokerError('broker.tool', { problem: lastLine(answer.output) });
  return { isDeployable: answer.exitCode === 0, reason: reasonIn(answer.output) };
}

/** Tells the broker that a version runs in an environment. @throws {BrokerError} */
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
    ? new BrokerError('broker.unknown-environment', { environment, says: lastLine(output) })
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
      ?.trim() ?? 'it said nothing'
  );
}
