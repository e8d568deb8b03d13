import { tampered } from '../../../core/client/index.ts';
import {
  forgottenAfterMs,
  REMOTE_REST_MS,
  type K6Options,
  type LoadContext,
  type TokenName,
} from '../../../load/index.ts';
import type { Environment } from '../../io.ts';
import { loadScript, packagePaths } from '../../package-paths.ts';
import type { RunSettings } from '../../settings/run-settings.ts';
import type { Session } from '../session.ts';
import type { LayerInput } from './layer-input.ts';

export function k6Options({ k6Mirror: mirror }: RunSettings, env: Environment): K6Options {
  return { env, module: packagePaths.k6Module, mirror };
}

/** @param binary path of k6; empty for a plan */
export function loadContext({ session, types: { types }, env }: LayerInput, binary: string): LoadContext {
  const { baseUrl, permissions, budget, tokens, signal, settings } = session;
  const { managedClient, secondManagedClient, quota, segments, profile, target } = settings;
  const isRemote = target.kind === 'remote';
  return {
    baseUrl,
    managedClient,
    ...(secondManagedClient !== undefined && { secondManagedClient }),
    types,
    quota,
    permissions,
    budget,
    binary,
    script: loadScript(),
    tokens: (names) => requestTokens(session, names),
    availableTokens: availableTokens(session),
    mask: (text) => tokens.mask(text),
    freshToken: () => tokens.tokenWithLifetime(loadPrincipal(session)),
    principal: loadPrincipal(session),
    restMs: restMs(session),
    restBetweenMs: isRemote ? REMOTE_REST_MS : forgottenAfterMs(quota.windowMs),
    segments,
    isRemote,
    suite: profile === 'nightly' ? 'nightly' : 'ci',
    env,
    signal,
  };
}

/** The load layer has credentials of its own, or shares those of `user`. */
export function loadPrincipal({ tokens }: Session): 'load' | 'user' {
  return tokens.has('load') ? 'load' : 'user';
}

function availableTokens(session: Session): TokenName[] {
  const { tokens } = session;
  const second: TokenName[] = tokens.canRenew(loadPrincipal(session)) ? ['second'] : [];
  return ['own', ...second, ...(tokens.has('other') ? ['other' as const] : [])];
}

async function requestTokens(
  session: Session,
  names: readonly TokenName[],
): Promise<Partial<Record<TokenName, string>>> {
  const { tokens } = session;
  const principal = loadPrincipal(session);
  const request: Record<TokenName, () => Promise<string>> = {
    own: () => tokens.token(principal),
    second: () => tokens.additionalToken(principal),
    other: () => tokens.token('other'),
    forged: async () => tampered(await tokens.token(principal)),
  };
  const entries = names.map(async (name) => [name, await request[name]()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The rest before the first burst, so that requests of other layers and users are forgotten. */
function restMs(session: Session): number {
  const { settings, setUpState } = session;
  // Without a state endpoint the contracts layer exhausts the quota to provoke a 429.
  const isExhausted = setUpState === undefined && settings.layers.includes('contracts');
  const isShared = settings.target.kind !== 'reference' || loadPrincipal(session) === 'user';
  return isShared || isExhausted ? forgottenAfterMs(settings.quota.windowMs) : 0;
}
