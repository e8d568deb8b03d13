import type { BrokerAccess } from '../../contracts/broker/index.ts';
import { documentedQuota, type Quota, type Severity } from '../../core/index.ts';
import { permissionNames, type Permission } from '../../core/client/index.ts';
import { knownIds } from '../../fixtures/provider/store.ts';
import { usage } from '../errors.ts';
import { readBaseline, type Baseline } from '../history/baseline.ts';
import type { Environment } from '../io.ts';
import { isLayerName, layerNames, requiredPermissions, type LayerName } from '../run/layer-names.ts';
import { readBroker } from './broker-settings.ts';
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
  readonly pacts: PactSource;
  /** Whether `mch doctor` fails without the toolchain of a consumer. */
  readonly requireConsumers: boolean;
  /** Undefined for the official release. */
  readonly k6Mirror: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** The source of the pacts. */
export type PactSource =
  | { readonly kind: 'committed' }
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'broker';
      readonly broker: BrokerAccess;
      /** The branch of the provider. */
      readonly branch: string;
      /** The version of the provider for which results are published. Undefined publishes nothing. */
      readonly publishAs: string | undefined;
    };

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
}

/** Completes the given settings with defaults and checks their combination. @throws {HarnessError} of kind usage */
export function runSettings({ layers, given, env, newSeed }: RunInput): RunSettings {
  const target = targetSettings(given, env);
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
    pacts: pactSource(given, env),
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

function pactSource(given: Given, env: Environment): PactSource {
  const { pacts = 'committed', publishResults, providerVersion, providerBranch } = given;
  if (publishResults && pacts !== 'broker') throw usage('results.no-broker');
  if (pacts === 'committed') return { kind: 'committed' };
  if (pacts !== 'broker') return { kind: 'folder', folder: pacts };
  const broker = readBroker(env);
  const hasVersion = providerVersion !== undefined && providerBranch !== undefined;
  if (publishResults && !hasVersion) throw usage('results.no-version');
  const publishAs = publishResults ? providerVersion : undefined;
  return { kind: 'broker', broker, branch: providerBranch ?? 'main', publishAs };
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
