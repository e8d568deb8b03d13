import { ARRANGED_PROVIDER, PROVIDER, UNKNOWN_ID } from '../../../core/index.ts';
import { systemTimer } from '../../../core/client/index.ts';
import {
  BrokerError,
  fetchPact,
  fetchPacts,
  openBroker,
  type BrokerClient,
} from '../../../contracts/broker/index.ts';
import {
  OwnWrites,
  QuotaExhaustion,
  readPacts,
  type ContractsContext,
  type InteractionFilter,
  type PactSet,
  type Publication,
} from '../../../contracts/index.ts';
import { packagePaths } from '../../package-paths.ts';
import { readBuildInfo } from '../../settings/build-info.ts';
import type { ContractSettings } from '../../settings/run-settings.ts';
import type { LayerInput } from './layer-input.ts';

/**
 * Calls `use` with the context of the contracts layer and the pacts of the settings.
 * @throws {PactFileError | BrokerError}
 */
export async function withContractsContext<T>(
  input: LayerInput,
  use: (context: ContractsContext) => Promise<T>,
): Promise<T> {
  const { settings, signal } = input.session;
  const { contracts } = settings;
  const { source } = contracts;
  if (source.kind === 'committed' || source.kind === 'path') {
    const path = source.kind === 'path' ? source.path : packagePaths.pacts;
    return use(contextWithPacts(input, await readPacts(path), contracts.filter));
  }
  const client = await openBroker(source.broker, input.env, signal);
  try {
    const pacts =
      source.kind === 'url'
        ? { pacts: [await fetchPact(client, source.url)], unreadable: [] }
        : await selectPacts(client, contracts);
    const context = contextWithPacts(input, pacts, contracts.filter);
    return await use({ ...context, publication: publicationOf(client, contracts, input) });
  } finally {
    await client.close();
  }
}

const NO_FILTER: InteractionFilter = { consumers: [], description: undefined, state: undefined };

/** The context with given pacts, by default without pacts to verify interactions again. */
export function contextWithPacts(
  { session, types: { types }, env }: LayerInput,
  pacts: PactSet = { pacts: [], unreadable: [] },
  filter: InteractionFilter = NO_FILTER,
): ContractsContext {
  const { settings, signal } = session;
  const { contracts, target } = settings;
  return {
    ...session,
    pacts,
    types,
    filter,
    provider: contracts.providerName,
    stateMapping: contracts.states,
    headers: contracts.headers,
    basePath: contracts.basePath,
    managedClient: settings.managedClient,
    secondManagedClient: settings.secondManagedClient,
    isRemote: target.kind === 'remote',
    hasOwnStates: target.kind !== 'reference',
    unknownManagedClient: `${UNKNOWN_ID}-${(settings.seed >>> 0).toString(16)}`,
    quota: settings.quota,
    pace: settings.pace,
    quotaExhaustion: new QuotaExhaustion({
      send: session.sendUnthrottled,
      quota: settings.quota,
      now: () => performance.now(),
    }),
    ownWrites: new OwnWrites({ send: session.send, timer: systemTimer, signal }),
    verifier: { script: packagePaths.verifier, env, signal },
    publication: undefined,
  };
}

/** The pacts that the broker selects. Those that need the reference provider have another provider name. */
async function selectPacts(
  client: BrokerClient,
  { providerName, selection }: ContractSettings,
): Promise<PactSet> {
  const names = providerName === PROVIDER ? [PROVIDER, ARRANGED_PROVIDER] : [providerName];
  const pacts: PactSet['pacts'][number][] = [];
  const unreadable: PactSet['unreadable'][number][] = [];
  for (const name of names) {
    const found = await fetchPacts(client, name, selection);
    pacts.push(...found.pacts);
    unreadable.push(...found.unreadable);
  }
  if (pacts.length + unreadable.length === 0) {
    throw new BrokerError('broker.no-pacts', { url: client.url, provider: providerName });
  }
  return { pacts, unreadable };
}

function publicationOf(
  broker: BrokerClient,
  { publishAs: version, selection }: ContractSettings,
  { env }: LayerInput,
): Publication | undefined {
  if (version === undefined) return undefined;
  const { buildUrl } = readBuildInfo(env, process.cwd());
  return { broker, provider: { version, branch: selection.providerVersionBranch, buildUrl } };
}
