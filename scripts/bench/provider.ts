// The reference provider with a latency, in its own process, for the benchmark of the property layer.
import { startProvider } from '../../fixtures/provider/server.ts';

const delayMs = Number(process.argv[2] ?? 0);
const provider = await startProvider({
  port: 0,
  quota: { limit: 100, windowMs: 10_000 },
  limited: 'load',
  tokenTtlSeconds: 7200,
  clock: Date.now,
  ...(delayMs > 0 && {
    fault: {
      group: 'J',
      title: 'delays responses',
      plant: ({ finish }) => ({
        finish: async (reply, call) => ({ ...(await finish(reply, call)), delayMs }),
      }),
    },
  }),
});
process.send?.({ url: provider.url, user: provider.credentials.user });
