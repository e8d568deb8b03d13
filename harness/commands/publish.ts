import {
  canIDeploy,
  openBroker,
  publishContracts,
  recordDeployment,
  type BrokerAccess,
  type BrokerClient,
  type ConsumerVersion,
  type DeployDecision,
} from '../../contracts/broker/index.ts';
import { readPacts, splitPacts } from '../../contracts/index.ts';
import { environment, usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { packagePaths } from '../package-paths.ts';
import { printable } from '../reports/printable.ts';
import { explainLayerError } from '../run/layers.ts';
import { readBroker } from '../settings/broker-settings.ts';
import { hasUncommittedChanges, readBuildInfo, type BuildInfo } from '../settings/build-info.ts';
import { isUrl } from '../settings/parsers.ts';
import type { Given } from '../settings/read.ts';

export interface PublishSettings {
  readonly broker: BrokerAccess;
  /** The file or folder of the pacts. */
  readonly pacts: string;
  /** Whether the pacts that only the reference provider can meet are published too. */
  readonly arranged: boolean;
  readonly version: ConsumerVersion;
  /** The version is that of git, and there are changes that it does not contain. */
  readonly hasUncommittedChanges: boolean;
  /** The environment to ask about. */
  readonly canIDeploy: string | undefined;
  /** The environment to record a deployment to. */
  readonly recordDeployment: string | undefined;
}

/** Completes the given settings with those of the pipeline or git. @throws {HarnessError} of kind usage */
export function publishSettings(given: Given, { env }: Io): PublishSettings {
  const broker = readBroker(env);
  const build = readBuildInfo(env, process.cwd());
  const { consumerVersion: version = build.commit, branch = branchOf(build), tag: tags = [] } = given;
  if (!version) throw usage('publish.missing', { what: 'version', name: '--consumer-version' });
  if (!branch) throw usage('publish.missing', { what: 'branch', name: '--branch' });
  return {
    broker,
    pacts: pactsPath(given),
    arranged: given.arranged ?? false,
    version: { version, branch, buildUrl: given.buildUrl ?? build.buildUrl, tags },
    hasUncommittedChanges: given.consumerVersion === undefined && hasUncommittedChanges(process.cwd()),
    canIDeploy: given.canIDeploy,
    recordDeployment: given.recordDeployment,
  };
}

/** A tag or a detached HEAD is not a branch, and the broker would select its pacts wrongly. */
function branchOf({ branch, notABranch }: BuildInfo): string | undefined {
  if (branch === undefined && notABranch !== undefined)
    throw usage('publish.not-a-branch', { ref: notABranch });
  return branch;
}

/** Whether pacts are fetched, which only `mch run` does. */
export function isRemotePacts(pacts: string): boolean {
  return pacts === 'broker' || isUrl(pacts);
}

/** The pacts of a command that does not fetch them from a broker. */
export function pactsPath({ pacts = 'committed' }: Given): string {
  if (isRemotePacts(pacts)) throw usage('publish.pacts');
  return pacts === 'committed' ? packagePaths.pacts : pacts;
}

/**
 * `mch publish`: publishes the pacts, asks the broker whether the consumers can be deployed, and records their deployment.
 * Exit 1 if they cannot; nothing is recorded then.
 */
export async function publish(settings: PublishSettings, io: Io): Promise<ExitCode> {
  const signal = interruptSignal(io);
  try {
    const client = await openBroker(settings.broker, io.env, signal);
    try {
      return await publishWith(client, settings, io);
    } finally {
      await client.close();
    }
  } catch (error) {
    if (signal.aborted) throw environment('publish.interrupted', {}, error);
    throw explainLayerError(error) ?? error;
  }
}

async function publishWith(client: BrokerClient, settings: PublishSettings, io: Io): Promise<ExitCode> {
  const { version, canIDeploy: asked, recordDeployment: recorded } = settings;
  const say = (line: string): unknown => io.stdout.write(`${printable(line)}\n`);
  const { pacts, unreadable } = await readPacts(settings.pacts);
  for (const { problem } of unreadable) say(`not published   ${problem}`);
  const { deployable, arranged } = splitPacts(pacts);
  const published = await publishContracts(
    [...deployable, ...(settings.arranged ? arranged : [])],
    version,
    client,
  );
  for (const { pact, url } of published) {
    const { consumer, provider, interactions } = pact;
    say(`published       ${consumer.name} → ${provider.name}: ${interactions.length} interactions`);
    if (url !== undefined) say(`                ${url}`);
  }
  say(`                as version ${version.version}, branch ${version.branch}`);
  if (settings.hasUncommittedChanges)
    say('                with uncommitted changes, which the version does not contain');
  const consumers = [...new Set(published.map(({ pact }) => pact.consumer.name))].toSorted();
  const query = { consumers, version: version.version, client, say };
  if (asked !== undefined && !(await areDeployable(asked, query))) return exitCodes.findings;
  if (recorded === undefined) return exitCodes.clean;
  for (const consumer of consumers) {
    await recordDeployment(consumer, version.version, recorded, client);
    say(`recorded        ${consumer} ${version.version} in ${recorded}`);
  }
  return exitCodes.clean;
}

interface DeployQuery {
  readonly consumers: readonly string[];
  readonly version: string;
  readonly client: BrokerClient;
  readonly say: (line: string) => unknown;
}

const decisionTexts: Record<DeployDecision['kind'], string> = {
  deployable: 'deployable     ',
  failed: 'NOT deployable ',
  unknown: 'unknown        ',
};

async function areDeployable(
  environmentName: string,
  { consumers, version, client, say }: DeployQuery,
): Promise<boolean> {
  let areAll = true;
  for (const consumer of consumers) {
    const { kind, reason } = await canIDeploy(consumer, version, environmentName, client);
    say(`${decisionTexts[kind]} ${consumer} to ${environmentName}: ${reason}`);
    areAll &&= kind === 'deployable';
  }
  return areAll;
}
