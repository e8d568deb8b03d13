// Runs Pact's verifier in its own process, because it prints to the terminal and its native code cannot be interrupted.
// The core of Pact is used directly: the verifier of @pact-foundation/pact adds a proxy, which takes half of the time.
import { setLogLevel, Verifier } from '@pact-foundation/pact-core';

import type { VerifierSource, VerifierOutput, VerifierTask } from './run-verifier.ts';

process.once('message', (task: VerifierTask) => {
  void verify(task).then((output) => {
    // Disconnecting earlier would lose a long message.
    process.send?.(output, () => process.disconnect());
  });
});

async function verify({
  provider,
  providerBaseUrl,
  stateUrl,
  source,
}: VerifierTask): Promise<VerifierOutput> {
  setLogLevel('error');
  const verifier = new Verifier({
    provider,
    providerBaseUrl,
    ...sourceOptions(source),
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

/** The earliest date of work-in-progress pacts, which may fail. */
const WORK_IN_PROGRESS_SINCE = '2024-01-01';

/** Selects the pacts of main branches and of deployed or released versions. */
function sourceOptions(source: VerifierSource) {
  if (source.kind === 'files') return { pactUrls: [...source.paths] };
  const { url, branch, publish } = source;
  return {
    pactBrokerUrl: url,
    consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
    providerVersionBranch: branch,
    enablePending: true,
    includeWipPactsSince: WORK_IN_PROGRESS_SINCE,
    // The harness reports missing pacts itself.
    failIfNoPactsFound: false,
    ...(publish && {
      publishVerificationResult: true,
      providerVersion: publish.version,
      ...(publish.buildUrl !== undefined && { buildUrl: publish.buildUrl }),
    }),
  };
}
