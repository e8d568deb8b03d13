// Runs Pact's verifier in a process of its own: it prints on its own account, and native code cannot be stopped otherwise.
import { Verifier } from '@pact-foundation/pact';

import type { VerifierAnswer, VerifierTask } from './run-verifier.ts';

process.once('message', (task: VerifierTask) => {
  void verify(task).then((answer) => {
    process.send?.(answer);
    process.disconnect();
  });
});

async function verify({
  provider,
  providerBaseUrl,
  stateUrl,
  pactFiles,
  state,
}: VerifierTask): Promise<VerifierAnswer> {
  const verifier = new Verifier({
    provider,
    providerBaseUrl,
    pactUrls: [...pactFiles],
    logLevel: 'error',
    timeout: 120_000,
    stateHandlers: { [state]: async (params) => arrange(stateUrl, params) },
  });
  try {
    return { output: await verifier.verifyProvider() };
  } catch (error) {
    return { output: error instanceof Error ? error.message : String(error) };
  }
}

async function arrange(stateUrl: string, params: unknown): Promise<{ [key: string]: string }> {
  const answer = await fetch(stateUrl, { method: 'POST', body: JSON.stringify({ params }) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { [key: string]: string };
}
