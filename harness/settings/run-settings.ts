import { documentedQuota, type Quota, type Severity } from '../../contracts/index.ts';
import { isLoopback, permissions, type Permission, type TokenSources } from '../../contracts/target/index.ts';
import { faultNames, isFaultName, type FaultName } from '../../fixtures/faults/index.ts';
import { usage } from '../errors.ts';
import { isLayerName, layerNames, needs, type LayerName } from '../layer-names.ts';
import { readCredentials } from './credentials.ts';
import type { Given } from './read.ts';
import { paceFor, type Profile } from './table.ts';

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
      };
  readonly managedClient: string;
  readonly profile: Profile;
  readonly allow: readonly Permission[];
  readonly quota: Quota;
  /** Undefined sends as fast as answers come. */
  readonly pace: Quota | undefined;
  readonly seed: number;
  readonly failOn: Severity;
  readonly reports: string;
  /** A folder, undefined for the committed pacts. */
  readonly pacts: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export const DEFAULT_REPORTS = 'reports';
/** The managed client that the reference provider starts with. */
const REFERENCE_CLIENT = 'aClientId';

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
    profile: given.profile ?? (isHere ? 'ci' : 'staging'),
    allow,
    quota,
    pace: paceOf(given, target.kind, quota),
    seed: given.seed ?? freshSeed(),
    failOn: given.failOn ?? 'major',
    reports: given.reports ?? DEFAULT_REPORTS,
    pacts: given.pacts === 'committed' ? undefined : given.pacts,
    dryRun: given.dryRun ?? false,
    yes: given.yes ?? false,
  };
}

function targetOf(given: Given, env: RunInput['env']): RunSettings['target'] {
  const { target: url, fault } = given;
  if (url === undefined)
    return { kind: 'reference', fault: fault === undefined ? undefined : knownFault(fault) };
  if (fault !== undefined) throw usage('fault.on-target');
  const sources = readCredentials(env);
  if (sources.user === undefined) throw usage('credentials.missing');
  const kind = isLoopback(new URL(url).hostname) ? 'loopback' : 'remote';
  const tokenUrl = env['SAIL_TOKEN_URL'] || `${url}/oauth/token`;
  if (!URL.canParse(tokenUrl))
    throw usage('setting.invalid', { name: 'SAIL_TOKEN_URL', value: tokenUrl, wanted: 'a URL' });
  return { kind, url, tokenUrl, sources };
}

function clientOf({ managedClient }: Given, { kind }: RunSettings['target']): string {
  if (managedClient !== undefined) return managedClient;
  if (kind !== 'reference') throw usage('client.missing');
  return REFERENCE_CLIENT;
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
