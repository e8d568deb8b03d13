import {
  canIDeploy,
  publishContracts,
  recordDeployment,
  startBrokerProxy,
  type BrokerAccess,
  type CliOptions,
  type ConsumerVersion,
} from '../../contracts/broker/index.ts';
import { readPacts, splitPacts, type PactFile } from '../../contracts/index.ts';
import { ARRANGED_PROVIDER } from '../../core/index.ts';
import { environment, usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { packagePaths } from '../package-paths.ts';
import { explainLayerError } from '../run/layers.ts';
import { readBroker } from '../settings/broker-settings.ts';
import { readBuildInfo } from '../settings/build-info.ts';
import type { Given } from '../settings/read.ts';

export interface PublishSettings {
  readonly broker: BrokerAccess;
  /** The folder of the pacts. */
  readonly pacts: string;
  readonly version: ConsumerVersion;
  /** The environment to ask about. */
  readonly canIDeploy: string | undefined;
  /** The environment to record a deployment to. */
  readonly recordDeployment: string | undefined;
}

/** Completes the given settings with those of the pipeline or git. @throws {HarnessError} of kind usage */
export function publishSettings(given: Given, { env }: Io): PublishSettings {
  const broker = readBroker(env);
  const build = readBuildInfo(env, process.cwd());
  const { consumerVersion: version = build.commit, branch = build.branch, tag: tags = [] } = given;
  if (!version || !branch) throw usage('publish.no-version');
  return {
    broker,
    pacts: pactsFolder(given),
    version: { version, branch, buildUrl: given.buildUrl ?? build.buildUrl, tags },
    canIDeploy: given.canIDeploy,
    recordDeployment: given.recordDeployment,
  };
}

/** The folder of the pacts of a command that does not fetch them from a broker. */
export function pactsFolder({ pacts = 'committed' }: Given): string {
  if (pacts === 'broker') throw usage('publish.pacts');
  return pacts === 'committed' ? packagePaths.pacts : pacts;
}

/**
 * `mch publish`: publishes the pacts, asks the broker whether the consumers can be deployed, and records their deployment.
 * Exit 1 if they cannot; nothing is recorded then.
 */
export async function publish(settings: PublishSettings, io: Io): Promise<ExitCode> {
  const signal = interruptSignal(io);
  try {
    const pacts = await readPacts(settings.pacts);
    const proxy = await startBrokerProxy({ broker: settings.broker, env: io.env, signal });
    try {
      return await publishPacts(settings, pacts, { proxy, env: io.env, signal }, io);
    } finally {
      await proxy.close();
    }
  } catch (error) {
    if (signal.aborted) throw environment('publish.interrupted', {}, error);
    throw explainLayerError(error) ?? error;
  }
}

async function publishPacts(
  settings: PublishSettings,
  pacts: readonly PactFile[],
  client: CliOptions,
  io: Io,
): Promise<ExitCode> {
  const { version, canIDeploy: asked, recordDeployment: recorded } = settings;
  const say = (line: string): unknown => io.stdout.write(`${line}\n`);
  const contracts = splitPacts(pacts);
  await publishContracts(contracts, version, client);
  for (const { consumer, provider, interactions } of contracts) {
    say(`published       ${consumer.name} → ${provider.name}: ${interactions.length} interactions`);
  }
  say(`                as version ${version.version}, branch ${version.branch}`);
  const consumers = [...new Set(pacts.map(({ consumer }) => consumer.name))].toSorted();
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
  readonly client: CliOptions;
  readonly say: (line: string) => unknown;
}

async function areDeployable(
  environmentName: string,
  { consumers, version, client, say }: DeployQuery,
): Promise<boolean> {
  let areAll = true;
  for (const consumer of consumers) {
    // No deployed provider verifies the contracts that need the reference provider.
    const destination = { environment: environmentName, ignored: ARRANGED_PROVIDER };
    const { isDeployable, reason } = await canIDeploy(consumer, version, destination, client);
    say(
      `${isDeployable ? 'deployable     ' : 'NOT deployable '} ${consumer} to ${environmentName}: ${reason}`,
    );
    areAll &&= isDeployable;
  }
  return areAll;
}
