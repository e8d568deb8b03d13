import { principalNames, type PrincipalName } from '../../core/index.ts';
import type { TokenSource, TokenSources } from '../../core/client/index.ts';
import { usage } from '../errors.ts';
import type { Environment } from '../io.ts';

/** Credentials come from the environment only, because arguments appear in process lists and shell histories. */
export function readCredentials(env: Environment): TokenSources {
  const sources = principalNames.flatMap((name) => {
    const source = sourceOf(name, env);
    return source === undefined ? [] : [[name, source]];
  });
  return Object.fromEntries(sources) as TokenSources;
}

/** The variable of a principal that is set but empty. */
export function emptyCredential(principal: PrincipalName, env: Environment): string | undefined {
  return Object.values(credentialNames(principal)).find((name) => env[name]?.trim() === '');
}

/** The first variable of any principal that has a value. */
export function firstCredential(env: Environment): string | undefined {
  const names = principalNames.flatMap((name) => Object.values(credentialNames(name)));
  return [...names, 'SAIL_TOKEN_URL'].find((name) => env[name]?.trim());
}

/** `SAIL_…` for the user, `MCH_READER_…` and so on for the others. */
export function credentialNames(principal: PrincipalName): { id: string; secret: string; token: string } {
  const prefix = principal === 'user' ? 'SAIL' : `MCH_${principal.toUpperCase()}`;
  return { id: `${prefix}_CLIENT_ID`, secret: `${prefix}_CLIENT_SECRET`, token: `${prefix}_ACCESS_TOKEN` };
}

function sourceOf(principal: PrincipalName, env: Environment): TokenSource | undefined {
  const names = credentialNames(principal);
  const token = env[names.token]?.trim();
  if (token) return { kind: 'ready', token };
  const [clientId, clientSecret] = [env[names.id]?.trim(), env[names.secret]?.trim()];
  if (clientId && clientSecret) return { kind: 'credentials', clientId, clientSecret };
  if (clientId || clientSecret) throw usage('credentials.half', { name: clientId ? names.id : names.secret });
  return undefined;
}
