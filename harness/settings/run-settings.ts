import { readBrokerAccess, type BrokerAccess } from '../../contracts/broker/index.ts';
import {
  documentedQuota,
  principalNames,
  type PrincipalName,
  type Quota,
  type Severity,
} from '../../core/index.ts';
import { isLoopback, permissions, type Permission, type TokenSources } from '../../core/client/index.ts';
import { faultNames, isFaultName, type FaultName } from '../../fixtures/faults/index.ts';
import { usage } from '../errors.ts';
import { isLayerName, layerNames, needs, type LayerName } from '../run/layer-names.ts';
import { readBaseline, type Baseline } from '../history/baseline.ts';
import { emptyCredential, firstCredential, readCredentials } from './credentials.ts';
import type { Given } from './read.ts';
import { flagName, paceFor, REFERENCE, type Key, type Profile } from './table.ts';

/** Everything a run needs to know, filled and checked: nobody further in asks for a default. */
export interface RunSettings {
  readonly layers: readonly LayerName[];
  /** Layers that were asked for by default and are not allowed: listed, not failed. */
  readonly excluded: readonly LayerName[];
  readonly target:
    | { readonly kind: 'reference'; readonly fault: FaultName | undefined }
    | {
        readonly kind: 'loopback' | 'remote';
        readonly url: string;
        readonly tokenUrl: string;
        readonly sources: TokenSources;
        /** The target's own Pact state endpoint, where it has one. */
        readonly stateUrl: string | undefined;
        /** By principal without credentials: the variable that is set but empty, if there is one. */
        readonly emptyVariables: Readonly<Partial<Record<PrincipalName, string>>>;
      };
  readonly managedClient: string;
  /** Another one that exists, where one is known. */
  readonly secondManagedClient: string | undefined;
  readonly profile: Profile;
  readonly allow: readonly Permission[];
  readonly quota: Quota;
  /** Undefined sends as fast as answers come. */
  readonly pace: Quota | undefined;
  /** k6 processes that share the load. */
  readonly segments: number;
  /** Undefined where a run may send what it plans. */
  readonly maxRequests: number | undefined;
  readonly maxDurationMs: number | undefined;
  readonly seed: number;
  readonly failOn: Severity;
  /** Findings that do not gate. */
  readonly baseline: Baseline;
  readonly reports: string;
  readonly pacts: PactsFrom;
  /** Whether doctor fails if the toolchain of a consumer is missing. */
  readonly requireConsumers: boolean;
  /** Where k6 is downloaded from; the official release if undefined. */
  readonly k6Mirror: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Where the pacts of the contracts layer come from. */
export type PactsFrom =
  | { readonly kind: 'committed' }
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'broker';
      readonly broker: BrokerAccess;
      /** The branch of the provider. */
      readonly branch: string;
      /** The version that results are published for; undefined where they stay here. */
      readonly publishAs: string | undefined;
    };

export const DEFAULT_REPORTS = 'reports';
/** The managed clients that the reference provider starts with. */
const REFERENCE_CLIENTS = ['aClientId', 'bClientId'] as const;

export interface RunInput {
  readonly layers: readonly string[];
  readonly given: Given;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly freshSeed: () => number;
}

/** Fills what was not given and checks what does not go together. @throws {HarnessError} of kind usage */
export function runSettings({ layers, given, env, freshSeed }: RunInput): RunSettings {
  const target = targetOf(given, env);
  const isHere = target.kind !== 'remote';
  const allow = given.allow ?? (isHere ? permissions : (['read'] as const));
  if (!allow.includes('read')) throw usage('allow.read');
  const quota = given.quota ?? documentedQuota;
  return {
    ...chooseLayers(layers, allow),
    target,
    managedClient: clientOf(given, target),
    secondManagedClient:
      given.secondManagedClient ?? (target.kind === 'reference' ? REFERENCE_CLIENTS[1] : undefined),
    profile: given.profile ?? (isHere ? 'ci' : 'staging'),
    allow,
    quota,
    pace: paceOf(given, target.kind, quota),
    segments: given.segments ?? 1,
    maxRequests: given.maxRequests,
    maxDurationMs: given.maxDuration,
    seed: given.seed ?? freshSeed(),
    failOn: given.failOn ?? 'major',
    baseline: readBaseline(given.baseline),
    reports: given.reports ?? DEFAULT_REPORTS,
    pacts: pactsFrom(given, env),
    requireConsumers: given.requireConsumers ?? false,
    k6Mirror: given.k6Mirror,
    dryRun: given.dryRun ?? false,
    yes: given.yes ?? false,
  };
}

function targetOf(given: Given, env: RunInput['env']): RunSettings['target'] {
  const { target: url, fault, stateUrl } = given;
  if (url === undefined || url === REFERENCE) {
    if (stateUrl !== undefined) throw usage('state-url.no-target');
    if (url === undefined) checkThatNoTargetIsMeant(given, env);
    return { kind: 'reference', fault: fault === undefined ? undefined : knownFault(fault) };
  }
  if (fault !== undefined) throw usage('fault.on-target');
  const sources = readCredentials(env);
  if (sources.user === undefined) {
    const name = emptyCredential('user', env);
    throw name === undefined ? usage('credentials.missing') : usage('setting.empty', { name });
  }
  const kind = isLoopback(new URL(url).hostname) ? 'loopback' : 'remote';
  const tokenUrl = env['SAIL_TOKEN_URL'] || `${url}/oauth/token`;
  if (!URL.canParse(tokenUrl) || new URL(tokenUrl).username !== '')
    throw usage('setting.invalid', {
      name: 'SAIL_TOKEN_URL',
      value: tokenUrl.replace(/\/\/[^/]*@/, '//…@'),
      wanted: 'a URL without credentials',
    });
  const empty = principalNames.flatMap((name) => {
    const variable = sources[name] === undefined ? emptyCredential(name, env) : undefined;
    return variable === undefined ? [] : [[name, variable]];
  });
  return { kind, url, tokenUrl, sources, stateUrl, emptyVariables: Object.fromEntries(empty) };
}

/** Settings that make sense for a target only, and the values that do. */
const forTargetsOnly: readonly (readonly [Key, (value: unknown) => boolean])[] = [
  ['managedClient', () => true],
  ['secondManagedClient', () => true],
  ['profile', (value) => value === 'staging'],
  ['allow', () => true],
  ['publishResults', (value) => value === true],
  ['yes', (value) => value === true],
];

/**
 * In GitLab and Jenkins, a variable that does not exist is unset: whoever gives credentials or a managed client meant
 * a target, and the built-in provider would be green for it.
 */
function checkThatNoTargetIsMeant(given: Given, env: RunInput['env']): void {
  const key = forTargetsOnly.find(
    ([name, isMeant]) => given[name] !== undefined && isMeant(given[name]),
  )?.[0];
  const name = key === undefined ? firstCredential(env) : `--${flagName(key)}`;
  if (name !== undefined) throw usage('target.missing', { name });
}

function clientOf({ managedClient }: Given, { kind }: RunSettings['target']): string {
  if (managedClient !== undefined) return managedClient;
  if (kind !== 'reference') throw usage('client.missing');
  return REFERENCE_CLIENTS[0];
}

function pactsFrom(given: Given, env: RunInput['env']): PactsFrom {
  const { pacts = 'committed', publishResults, providerVersion, providerBranch } = given;
  if (publishResults && pacts !== 'broker') throw usage('results.no-broker');
  if (pacts === 'committed') return { kind: 'committed' };
  if (pacts !== 'broker') return { kind: 'folder', folder: pacts };
  const broker = readBroker(env);
  const isNamed = providerVersion !== undefined && providerBranch !== undefined;
  if (publishResults && !isNamed) throw usage('results.unnamed');
  const publishAs = publishResults ? providerVersion : undefined;
  return { kind: 'broker', broker, branch: providerBranch ?? 'main', publishAs };
}

/** @throws {HarnessError} of kind usage where none is named */
export function readBroker(env: RunInput['env']): BrokerAccess {
  if (env['PACT_BROKER_BASE_URL']?.trim() === '')
    throw usage('setting.empty', { name: 'PACT_BROKER_BASE_URL' });
  const half = halfOfBrokerCredentials(env);
  if (half !== undefined) throw usage('credentials.half', { name: half });
  const broker = readBrokerAccess(env);
  if (broker === undefined) throw usage('broker.unnamed');
  if (broker === null) throw usage('broker.no-url');
  return broker;
}

/** A token takes the place of both halves. */
function halfOfBrokerCredentials(env: RunInput['env']): string | undefined {
  if (env['PACT_BROKER_TOKEN']?.trim()) return undefined;
  const [first, second] = ['PACT_BROKER_USERNAME', 'PACT_BROKER_PASSWORD'].map((name) => ({
    name,
    value: env[name],
  }));
  if (!first?.value === !second?.value) return undefined;
  return first?.value ? first.name : second?.name;
}

function paceOf({ pace }: Given, kind: RunSettings['target']['kind'], quota: Quota): Quota | undefined {
  if (pace !== undefined) return pace === 'none' ? undefined : pace;
  return kind === 'reference' ? undefined : paceFor(quota);
}

/** @throws {HarnessError} of kind usage, with the nearest name */
export function knownFault(name: string): FaultName {
  if (isFaultName(name)) return name;
  const near = faultNames.find((fault) => fault.includes(name) || name.includes(fault));
  throw usage('fault.unknown', { fault: name, near: near === undefined ? '' : ` (did you mean ${near}?)` });
}

function chooseLayers(
  named: readonly string[],
  allow: readonly Permission[],
): Pick<RunSettings, 'layers' | 'excluded'> {
  for (const layer of named) {
    if (!isLayerName(layer)) throw usage('layer.unknown', { layer });
    if (!allow.includes(needs[layer])) throw usage('layer.not-allowed', { layer, permission: needs[layer] });
  }
  const wanted = layerNames.filter((layer) => named.length === 0 || named.includes(layer));
  const isAllowed = (layer: LayerName): boolean => allow.includes(needs[layer]);
  return { layers: wanted.filter(isAllowed), excluded: wanted.filter((layer) => !isAllowed(layer)) };
}
