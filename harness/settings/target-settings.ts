import { isIP } from 'node:net';

import { withoutCredentials } from '../../core/node/index.ts';
import { principalNames, type PrincipalName } from '../../core/index.ts';
import { isLoopback, type TokenSources } from '../../core/client/index.ts';
import { faultNames, isFaultName, type FaultName } from '../../fixtures/faults/index.ts';
import { usage } from '../errors.ts';
import type { Environment } from '../io.ts';
import { emptyCredential, firstCredential, readCredentials } from './credentials.ts';
import { REFERENCE } from './parsers.ts';
import type { Given } from './read.ts';
import { flagName, type Key } from './table.ts';

export interface DeployedTarget {
  readonly kind: 'loopback' | 'remote';
  readonly url: string;
  readonly tokenUrl: string;
  readonly sources: TokenSources;
  /** The Pact provider-state endpoint of the target. */
  readonly stateUrl: string | undefined;
  /** For principals without credentials: the variable that is set but empty. */
  readonly emptyVariables: Readonly<Partial<Record<PrincipalName, string>>>;
}

export interface ReferenceTarget {
  readonly kind: 'reference';
  readonly fault: FaultName | undefined;
  /** Whether it was selected with `--target reference`. */
  readonly isExplicit: boolean;
}

export type TargetSettings = ReferenceTarget | DeployedTarget;

/**
 * @param isLocal whether the target is this machine
 * @throws {HarnessError} of kind usage
 */
export function targetSettings(given: Given, env: Environment, isLocal: boolean): TargetSettings {
  const { target: url, fault, stateUrl } = given;
  if (url === undefined || url === REFERENCE) {
    if (stateUrl !== undefined) throw usage('state-url.no-target');
    if (url === undefined) rejectSettingsOfTargets(given, env);
    const known = fault === undefined ? undefined : knownFault(fault);
    return { kind: 'reference', fault: known, isExplicit: url !== undefined };
  }
  if (fault !== undefined) throw usage('fault.on-target');
  const sources = readCredentials(env);
  if (sources.user === undefined) {
    const name = emptyCredential('user', env);
    throw name === undefined ? usage('credentials.missing') : usage('setting.empty', { name });
  }
  const empty = principalNames.flatMap((name) => {
    const variable = sources[name] === undefined ? emptyCredential(name, env) : undefined;
    return variable === undefined ? [] : [[name, variable]];
  });
  return {
    kind: isLocal ? 'loopback' : 'remote',
    url,
    tokenUrl: readTokenUrl(url, env),
    sources,
    stateUrl,
    emptyVariables: Object.fromEntries(empty),
  };
}

/** Variables that send requests to a proxy, which may resolve a name differently. `localhost` is never proxied. */
const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'] as const;

/** Whether the target is this machine. */
export async function isLoopbackTarget(url: string | undefined, env: Environment): Promise<boolean> {
  if (url === undefined || url === REFERENCE) return false;
  const { hostname } = new URL(url);
  const isProxied = hostname !== 'localhost' && PROXY_VARIABLES.some((name) => env[name]);
  const isAddress = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
  return (isAddress || !isProxied) && isLoopback(hostname);
}

function readTokenUrl(url: string, env: Environment): string {
  const tokenUrl = env['SAIL_TOKEN_URL'] || `${url}/oauth/token`;
  if (URL.canParse(tokenUrl) && new URL(tokenUrl).username === '') return tokenUrl;
  throw usage('setting.invalid', {
    name: 'SAIL_TOKEN_URL',
    value: withoutCredentials(tokenUrl),
    expected: 'a URL without credentials',
  });
}

/** Settings that only make sense for a deployed target, with the values that do. */
const settingsOfTargets: readonly (readonly [Key, (value: unknown) => boolean])[] = [
  ['managedClient', () => true],
  ['secondManagedClient', () => true],
  ['profile', (value) => value === 'staging'],
  ['allow', () => true],
  ['publishResults', (value) => value === true],
  ['yes', (value) => value === true],
];

/**
 * Rejects settings of a deployed target without a target. GitLab and Jenkins leave a missing variable unset, and the
 * reference provider would pass in place of the intended target.
 */
function rejectSettingsOfTargets(given: Given, env: Environment): void {
  const key = settingsOfTargets.find(
    ([name, isForTarget]) => given[name] !== undefined && isForTarget(given[name]),
  )?.[0];
  const name = key === undefined ? firstCredential(env) : `--${flagName(key)}`;
  if (name !== undefined) throw usage('target.missing', { name });
}

/** @throws {HarnessError} of kind usage, with a similar name */
export function knownFault(name: string): FaultName {
  if (isFaultName(name)) return name;
  const similar = faultNames.find((fault) => fault.includes(name) || name.includes(fault));
  const hint = similar === undefined ? '' : ` (did you mean ${similar}?)`;
  throw usage('fault.unknown', { fault: name, hint });
}
