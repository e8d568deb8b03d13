import type { SendResult } from '../../core/client/index.ts';
import { BrokerError, startBrokerProxy, type BrokerAccess } from '../broker/index.ts';
import { isPact } from './fetch-pacts.ts';
import type { PactInteraction } from './pact-file.ts';
import type { VerifiableInteraction } from './planned-interaction.ts';
import { runVerifier, type ProviderVersion, type VerifierLaunch } from './run-verifier.ts';
import { startVerifierProxy, type VerifierProxy } from './verifier-proxy.ts';

export interface Publication extends ProviderVersion {
  readonly broker: BrokerAccess;
  readonly branch: string;
}

/** A verified interaction with the response that decided it. */
export interface VerifiedResponse {
  readonly planned: VerifiableInteraction;
  readonly result: SendResult;
}

const STATE = 'verified';

/**
 * Publishes verification results by Pact's verifier: it verifies the pacts of the broker again, against the recorded
 * responses. Nothing is sent to the target again.
 * @returns the number of pacts whose results the broker accepted
 * @throws {BrokerError} if the broker did not accept all results
 */
export async function publishResults(
  provider: string,
  verified: readonly VerifiedResponse[],
  { broker, branch, ...version }: Publication,
  launch: VerifierLaunch,
): Promise<number> {
  const resultPaths = new Set<string>();
  const brokerProxy = await startBrokerProxy({
    broker,
    env: launch.env,
    signal: launch.signal,
    onDocument(document, path) {
      if (!isPact(document)) return document;
      const numbered = withNumberedStates(document, path, verified);
      const { 'pb:publish-verification-results': link } = document._links ?? {};
      if (numbered !== undefined && link?.href !== undefined) resultPaths.add(new URL(link.href).pathname);
      return numbered ?? {};
    },
  });
  const verifierProxy = await startReplayProxy(verified);
  try {
    const source = { kind: 'broker', url: brokerProxy.url, branch, publish: version } as const;
    const target = { providerBaseUrl: verifierProxy.url, stateUrl: verifierProxy.stateUrl };
    await runVerifier({ ...target, provider, source }, verified.length, launch);
    const accepted = brokerProxy.forwarded.filter(
      ({ path, status }) => resultPaths.has(path) && status < 300,
    );
    if (accepted.length < resultPaths.size || accepted.length === 0) {
      const missing = resultPaths.size - accepted.length;
      throw brokerProxy.firstError() ?? new BrokerError('broker.results', { missing, of: resultPaths.size });
    }
    return accepted.length;
  } finally {
    await brokerProxy.close();
    await verifierProxy.close();
  }
}

/** A verifier proxy that returns the recorded responses. */
function startReplayProxy(verified: readonly VerifiedResponse[]): Promise<VerifierProxy> {
  let current: VerifiedResponse | undefined;
  return startVerifierProxy({
    send: () =>
      current === undefined
        ? Promise.reject(new Error('no interaction was prepared'))
        : Promise.resolve(current.result),
    prepare(index) {
      current = verified[index];
      return Promise.resolve({ id: 'replayed', caller: 'replayed', expectation: 'either' });
    },
    onSent: () => undefined,
    onError: () => undefined,
  });
}

/** @returns undefined for a pact with interactions that were not verified, such as a newer version */
function withNumberedStates(
  document: object,
  path: string,
  verified: readonly VerifiedResponse[],
): object | undefined {
  const { interactions: own } = document as { readonly interactions: readonly PactInteraction[] };
  const numbers = own.map((interaction) =>
    verified.findIndex(
      ({ planned }) => planned.pact.origin?.path === path && isSame(planned.interaction, interaction),
    ),
  );
  if (numbers.includes(-1)) return undefined;
  const interactions = own.map((interaction, index) => ({
    ...interaction,
    providerStates: [{ name: STATE, params: { interaction: numbers[index] } }],
  }));
  return { ...document, interactions };
}

function isSame(one: PactInteraction, other: PactInteraction): boolean {
  const key = ({ description, providerStates }: PactInteraction): string =>
    JSON.stringify([description, providerStates ?? []]);
  return key(one) === key(other);
}
