import { ARRANGED_PROVIDER, PROVIDER, UNKNOWN_ID } from '../../../core/index.ts';
import { BrokerError } from '../../../contracts/broker/index.ts';
import {
  fetchPacts,
  readPacts,
  type ContractsContext,
  type PactFile,
  type Publication,
  type VerifierLaunch,
} from '../../../contracts/index.ts';
import type { Environment } from '../../io.ts';
import { packagePaths } from '../../package-paths.ts';
import { readBuildInfo } from '../../settings/build-info.ts';
import type { PactSource } from '../../settings/run-settings.ts';
import type { LayerInput } from './layer-input.ts';

/** The context of the contracts layer with the pacts of the settings. @throws {PactFileError | BrokerError} */
export async function contractsContext(input: LayerInput): Promise<ContractsContext> {
  return contextWithPacts(input, await selectPacts(input));
}

/** The context with other pacts, or without pacts to verify interactions again. */
export function contextWithPacts(
  { session, types: { types }, env }: LayerInput,
  pacts: readonly PactFile[] = [],
): ContractsContext {
  const { settings, signal } = session;
  return {
    ...session,
    pacts,
    types,
    managedClient: settings.managedClient,
    unknownManagedClient: `${UNKNOWN_ID}-${(settings.seed >>> 0).toString(16)}`,
    quota: settings.quota,
    pace: settings.pace,
    verifier: verifierProcess(env, signal),
    publication: publicationOf(settings.pacts, env),
  };
}

async function selectPacts({ session, env }: LayerInput): Promise<PactFile[]> {
  const { pacts } = session.settings;
  if (pacts.kind === 'committed') return readPacts(packagePaths.pacts);
  if (pacts.kind === 'folder') return readPacts(pacts.folder);
  const verifier = verifierProcess(env, session.signal);
  const deployable = await fetchPacts(PROVIDER, pacts, verifier);
  const arranged = await fetchPacts(ARRANGED_PROVIDER, pacts, verifier);
  if (deployable.length === 0) {
    throw new BrokerError('broker.no-pacts', { url: pacts.broker.url, provider: PROVIDER });
  }
  return [...deployable, ...arranged];
}

function verifierProcess(env: Environment, signal: AbortSignal): VerifierLaunch {
  return { script: packagePaths.verifier, env, signal };
}

function publicationOf(pacts: PactSource, env: Environment): Publication | undefined {
  if (pacts.kind !== 'broker' || pacts.publishAs === undefined) return undefined;
  const { broker, branch, publishAs: version } = pacts;
  return { broker, branch, version, buildUrl: readBuildInfo(env, process.cwd()).buildUrl };
}
