import type { PrincipalName } from '../core/index.ts';
import type { Provider } from '../fixtures/provider/server.ts';
import { credentialNames } from '../harness/settings/credentials.ts';

/** The environment variables with the credentials of a reference provider's principals. */
export function credentialsOf(provider: Provider, ...names: PrincipalName[]): Record<string, string> {
  const entries = names.flatMap((name): [string, string][] => {
    const { id, secret } = credentialNames(name);
    const { clientId, clientSecret } = provider.credentials[name];
    return [
      [id, clientId],
      [secret, clientSecret],
    ];
  });
  return Object.fromEntries(entries);
}
