import { ARRANGED_PROVIDER } from '../../core/index.ts';
import {
  canIDeploy,
  openDoor,
  publishContracts,
  recordDeployment,
  type BrokerAccess,
  type CliOptions,
  type ConsumerVersion,
} from '../../contracts/broker/index.ts';
import { readPacts, splitPacts, type PactFile } from '../../contracts/verification/index.ts';
import { environment } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { explain } from '../run/layers.ts';

export interface PublishSettings {
  readonly broker: BrokerAccess;
  /** The folder of the pacts. */
  readonly pacts: string;
  readonly as: ConsumerVersion;
  /** The environment that is asked about, and then recorded; undefined where neither is wanted. */
  readonly canIDeploy: string | undefined;
  readonly recordDeployment: string | undefined;
}

/**
 * `mch publish`: publishes the pacts to a broker, asks it whether their consumers may be deployed, and records that
 * they were. Exit 1 where it says no: nothing is recorded then.
 */
export async function publish(settings: PublishSettings, io: Io): Promise<ExitCode> {
  const signal = interruptSignal(io);
  try {
    const pacts = await readPacts(settings.pacts);
    const door = await openDoor({ broker: settings.broker, env: io.env, signal });
    try {
      return await converse(settings, pacts, { door, env: io.env, signal }, io);
    } finally {
      await door.close();
    }
  } catch (error) {
    if (signal.aborted) throw environment('publish.interrupted', {}, error);
    throw explain(error) ?? error;
  }
}

async function converse(
  { as, canIDeploy: asked, recordDeployment: recorded }: PublishSettings,
  pacts: readonly PactFile[],
  client: CliOptions,
  io: Io,
): Promise<ExitCode> {
  const say = (line: string): unknown => io.stdout.write(`${line}\n`);
  const contracts = splitPacts(pacts);
  await publishContracts(contracts, as, client);
  for (const { consumer, provider, interactions } of contracts) {
    say(`published    ${consumer.name} → ${provider.name}: ${interactions.length} interactions`);
  }
  say(`             as version ${as.version}, branch ${as.branch}`);
  const consumers = [...new Set(pacts.map(({ consumer }) => consumer.name))].toSorted();
  if (asked !== undefined && !(await mayAllBeDeployed(consumers, asked, { as, client, say }))) {
    return exitCodes.findings;
  }
  if (recorded === undefined) return exitCodes.clean;
  for (const consumer of consumers) {
    await recordDeployment(consumer, as.version, recorded, client);
    say(`recorded     ${consumer} ${as.version} in ${recorded}`);
  }
  return exitCodes.clean;
}

interface Asking {
  readonly as: ConsumerVersion;
  readonly client: CliOptions;
  readonly say: (line: string) => unknown;
}

async function mayAllBeDeployed(
  consumers: readonly string[],
  environment: string,
  { as, client, say }: Asking,
): Promise<boolean> {
  let mayAll = true;
  for (const consumer of consumers) {
    // No deployed provider can be made to answer all of it: what only a double does decides no deployment.
    const destination = { environment, ignored: ARRANGED_PROVIDER };
    const { isDeployable, reason } = await canIDeploy(consumer, as.version, destination, client);
    say(`${isDeployable ? 'may deploy  ' : 'may NOT     '} ${consumer} to ${environment}: ${reason}`);
    mayAll &&= isDeployable;
  }
  return mayAll;
}
