import {
  DEFAULT_TOKEN_TTL_S,
  startProvider,
  type Provider,
  type ProviderOptions,
} from '../fixtures/provider/server.ts';

/** Starts the reference provider on a free port, with a quota of 20 requests in 2 s for the load client. */
export function startTestProvider(changes: Partial<ProviderOptions> = {}): Promise<Provider> {
  return startProvider({
    port: 0,
    quota: { limit: 20, windowMs: 2000 },
    limited: 'load',
    tokenTtlSeconds: DEFAULT_TOKEN_TTL_S,
    clock: Date.now,
    ...changes,
  });
}
