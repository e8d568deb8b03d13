// Runs Pact's verifier in a process of its own: it prints on its own account, and native code cannot be stopped otherwise.
import { Verifier } from '@pact-foundation/pact';

import type { PactSource, VerifierAnswer, VerifierTask } from './run-verifier.ts';

process.once('message', (task: VerifierTask) => {
  void verify(task).then((answer) => {
    // Not before the answer has left: a long one would be lost.
    process.send?.(answer, () => process.disconnect());
  });
});

async function verify({
  provider,
  providerBaseUrl,
  stateUrl,
  source,
  state,
}: VerifierTask): Promise<VerifierAnswer> {
  const verifier = new Verifier({
    provider,
    providerBaseUrl,
    ...sourceOptions(source),
    logLevel: 'error',
    // Longer than the sender is patient: four tries, each with its wait, and all of that once more with another token.
    timeout: 600_000,
    stateHandlers: { [state]: async (params) => arrange(stateUrl, params) },
  });
  try {
    return { output: await verifier.verifyProvider() };
  } catch (error) {
    return { output: error instanceof Error ? error.message : String(error) };
  }
}

/** How far back a pact may be new to the provider's branch and still be verified, without failing it. */
const WORK_IN_PROGRESS_SINCE = '2024-01-01';

/** What is in use and what comes next: the main branches of consumers, and what they deployed or released. */
function sourceOptions(source: PactSource) {
  if (source.kind === 'files') return { pactUrls: [...source.paths] };
  const { url, branch, publish } = source;
  return {
    pactBrokerUrl: url,
    consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
    providerVersionBranch: branch,
    enablePending: true,
    includeWipPactsSince: WORK_IN_PROGRESS_SINCE,
    // Without pacts the harness has a sentence of its own.
    failIfNoPactsFound: false,
    ...(publish && {
      publishVerificationResult: true,
      providerVersion: publish.version,
      ...(publish.buildUrl !== undefined && { buildUrl: publish.buildUrl }),
    }),
  };
}

async function arrange(stateUrl: string, params: unknown): Promise<{ [key: string]: string }> {
  const answer = await fetch(stateUrl, { method: 'POST', body: JSON.stringify({ params }) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { [key: string]: string };
}
