// Runs Pact's verifier in its own process, because it prints to the terminal and its native code cannot be interrupted.
// The core of Pact is used directly: the verifier of @pact-foundation/pact adds a proxy, which takes half of the time and
// parses request bodies, so that some never reach the target.
import { setLogLevel, Verifier } from '@pact-foundation/pact-core';

import type { VerifierOutput, VerifierTask } from './run-verifier.ts';

// The harness ended, perhaps because it was killed.
process.once('disconnect', () => process.exit());

process.once('message', (task: VerifierTask) => {
  void verify(task).then((output) => {
    // Disconnecting earlier would lose a long message.
    process.send?.(output, () => process.disconnect());
  });
});

async function verify({ providerBaseUrl, stateUrl, paths }: VerifierTask): Promise<VerifierOutput> {
  setLogLevel('error');
  const verifier = new Verifier({
    provider: 'provider',
    providerBaseUrl,
    pactUrls: [...paths],
    // Longer than all retries of the sender.
    timeout: 600_000,
    providerStatesSetupUrl: stateUrl,
    providerStatesSetupBody: true,
  });
  try {
    return { output: await verifier.verify() };
  } catch (error) {
    return { output: error instanceof Error ? error.message : String(error) };
  }
}
