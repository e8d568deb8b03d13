import type { BrokerAccess, PactSelection } from '../../contracts/broker/index.ts';
import type { InteractionFilter, MappedState } from '../../contracts/index.ts';
import { documentedQuota, PROVIDER, type HeaderLine, type Quota, type Severity } from '../../core/index.ts';
import { permissionNames, type Permission } from '../../core/client/index.ts';
import { knownIds } from '../../fixtures/provider/store.ts';
import { usage } from '../errors.ts';
import { readBaseline, type Baseline } from '../history/baseline.ts';
import type { Environment } from '../io.ts';
import { defaultFormats, type FormatName } from './format-names.ts';
import { isLayerName, layerNames, requiredPermissions, type LayerName } from '../run/layer-names.ts';
import { readBroker } from './broker-settings.ts';
import { isUrl, OFF } from './parsers.ts';
import type { Profile } from './profiles.ts';
import type { Given } from './read.ts';
import { targetSettings, type TargetSettings } from './target-settings.ts';

/** All settings of a run with their defaults. */
export interface RunSettings {
  readonly layers: readonly LayerName[];
  /** Layers of the default selection that are not permitted. They are listed as skipped. */
  readonly excluded: readonly LayerName[];
  readonly target: TargetSettings;
  readonly managedClient: string;
  readonly secondManagedClient: string | undefined;
  readonly profile: Profile;
  readonly allow: readonly Permission[];
  readonly quota: Quota;
  /** Undefined sends without delay. */
  readonly pace: Quota | undefined;
  /** Number of k6 processes that share the load. */
  readonly segments: number;
  readonly maxRequests: number | undefined;
  readonly maxDurationMs: number | undefined;
  readonly seed: number;
  readonly failOn: Severity;
  readonly baseline: Baseline;
  readonly reports: string;
  readonly formats: readonly FormatName[];
  /** Whether response bodies are left out of reports. */
  readonly redact: boolean;
  readonly contracts: ContractSettings;
  /** Whether `mch doctor` fails without the toolchain of a consumer. */
  readonly requireConsumers: boolean;
  /** Undefined for the official release. */
  readonly k6Mirror: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** The settings of the contracts layer. */
export interface ContractSettings {
  readonly source: PactSource;
  readonly providerName: string;
  readonly states: readonly MappedState[];
  readonly headers: readonly HeaderLine[];
  readonly basePath: string;
  readonly filter: InteractionFilter;
  readonly selection: PactSelection;
  /** The provider version for which results are published. Undefined publishes nothing. */
  readonly publishAs: string | undefined;
}

/** The source of the pacts. */
export type PactSource =
  | { readonly kind: 'committed' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'broker'; readonly broker: BrokerAccess }
  /** One pact, with the credentials of the broker if it is there. */
  | { readonly kind: 'url'; readonly url: string; readonly broker: BrokerAccess };

/** The managed clients of the reference provider. */
export const referenceClients: readonly [string, string] = knownIds;

export const DEFAULT_REPORTS = 'reports';
/** The share of the quota at which functional checks are sent. */
const PACE_SHARE = 0.95;

export interface RunInput {
  readonly layers: readonly string[];
  readonly given: Given;
  readonly env: Environment;
  readonly newSeed: () => number;
  /** Whether the target is this machine. Writes and load need no consent there. */
  readonly isLoopback: boolean;
}

/** Completes the given settings with defaults and checks their combination. @throws {HarnessError} of kind usage */
export function runSettings({ layers, given, env, newSeed, isLoopback }: RunInput): RunSettings {
  const target = targetSettings(given, env, isLoopback);
  const isLocal = target.kind !== 'remote';
  const isReference = target.kind === 'reference';
  const allow = given.allow ?? (isLocal ? permissionNames : (['read'] as const));
  if (!allow.includes('read')) throw usage('allow.read');
  const quota = given.quota ?? documentedQuota;
  return {
    ...selectLayers(layers, allow),
    target,
    managedClient: managedClientOf(given, target),
    secondManagedClient: given.secondManagedClient ?? (isReference ? referenceClients[1] : undefined),
    profile: given.profile ?? (isLocal ? 'ci' : 'staging'),
    allow,
    quota,
    pace: paceOf(given, target, quota),
    segments: given.segments ?? 1,
    maxRequests: given.maxRequests,
    maxDurationMs: given.maxDuration,
    seed: given.seed ?? newSeed(),
    failOn: given.failOn ?? 'major',
    baseline: readBaseline(given.baseline),
    reports: given.reports ?? DEFAULT_REPORTS,
    formats: given.format ?? defaultFormats,
    redact: given.redact ?? false,
    contracts: contractSettings(given, env),
    requireConsumers: given.requireConsumers ?? false,
    k6Mirror: given.k6Mirror,
    dryRun: given.dryRun ?? false,
    yes: given.yes ?? false,
  };
}

function managedClientOf({ managedClient }: Given, { kind }: TargetSettings): string {
  if (managedClient !== undefined) return managedClient;
  if (kind !== 'reference') throw usage('managed-client.missing');
  return referenceClients[0];
}

const DEFAULT_SELECTORS = [{ mainBranch: true }, { deployedOrReleased: true }];
const DEFAULT_WIP_SINCE = '2024-01-01';

function contractSettings(given: Given, env: Environment): ContractSettings {
  const { publishResults, providerVersion, providerBranch, includeWipPactsSince: since } = given;
  const source = pactSource(given, env);
  const hasBroker = source.kind === 'broker' || source.kind === 'url';
  if (publishResults && !hasBroker) throw usage('results.no-broker');
  if (publishResults && providerVersion === undefined) {
    throw usage('results.missing', { name: '--provider-version' });
  }
  if (publishResults && providerBranch === undefined) {
    throw usage('results.missing', { name: '--provider-branch' });
  }
  return {
    source,
    providerName: given.providerName ?? PROVIDER,
    states: given.states ?? [],
    headers: given.header ?? [],
    basePath: given.basePath ?? '',
    filter: {
      consumers: given.filterConsumer ?? [],
      description: given.filterDescription,
      state: given.filterState,
    },
    selection: {
      consumerVersionSelectors: (given.consumerVersionSelectors ?? DEFAULT_SELECTORS).map((one) => ({
        ...one,
      })),
      providerVersionBranch: providerBranch ?? 'main',
      enablePending: given.enablePending ?? true,
      includeWipPactsSince: since === OFF ? undefined : (since ?? DEFAULT_WIP_SINCE),
    },
    publishAs: publishResults ? providerVersion : undefined,
  };
}

function pactSource({ pacts = 'committed' }: Given, env: Environment): PactSource {
  if (pacts === 'committed') return { kind: 'committed' };
  if (pacts === 'broker') return { kind: 'broker', broker: readBroker(env) };
  if (!isUrl(pacts)) return { kind: 'path', path: pacts };
  return { kind: 'url', url: pacts, broker: brokerOf(pacts, env) };
}

/** The configured broker if a pact is there; otherwise the host of the pact, without credentials. */
function brokerOf(url: string, env: Environment): BrokerAccess {
  if (!URL.canParse(url)) throw usage('pacts.url', { url });
  const configured = env['PACT_BROKER_BASE_URL'] === undefined ? undefined : readBroker(env);
  if (configured !== undefined && url.startsWith(`${configured.url}/`)) return configured;
  return { url: new URL(url).origin, authorization: undefined };
}

/** The default is below the quota, because a window may contain a request at both of its ends. */
function paceOf({ pace }: Given, { kind }: TargetSettings, quota: Quota): Quota | undefined {
  if (pace !== undefined) return pace === 'none' ? undefined : pace;
  if (kind === 'reference') return undefined;
  return { ...quota, limit: Math.max(1, Math.floor(quota.limit * PACE_SHARE)) };
}

function selectLayers(
  named: readonly string[],
  allow: readonly Permission[],
): Pick<RunSettings, 'layers' | 'excluded'> {
  for (const layer of named) {
    if (!isLayerName(layer)) throw usage('layer.unknown', { layer });
    const permission = requiredPermissions[layer];
    if (!allow.includes(permission)) throw usage('layer.not-allowed', { layer, permission });
  }
  const selected = layerNames.filter((layer) => named.length === 0 || named.includes(layer));
  const isAllowed = (layer: LayerName): boolean => allow.includes(requiredPermissions[layer]);
  return { layers: selected.filter(isAllowed), excluded: selected.filter((layer) => !isAllowed(layer)) };
}
