import { BrokerError, openDoor, type BrokerAccess } from '../broker/index.ts';
import type { Sent } from '../../core/client/index.ts';
import type { OpenEntry } from './planned-interaction.ts';
import { isPact } from './fetch-pacts.ts';
import type { PactInteraction } from './pact-file.ts';
import { runVerifier, type ProviderVersion, type VerifierProcess } from './run-verifier.ts';
import { openTap } from './verifier-proxy.ts';

export interface Publication extends ProviderVersion {
  readonly broker: BrokerAccess;
  readonly branch: string;
}

/** An interaction that was verified, and the answer that decided it. */
export interface Decided {
  readonly entry: OpenEntry;
  readonly sent: Sent;
}

const STATE = 'decided';

/**
 * Publishes what a verification found, by Pact's own verifier: it verifies the pacts of the broker once more, against
 * the answers that the target gave before. Nothing is sent to the target again.
 * @returns how many pacts have their result at the broker now
 * @throws {BrokerError} where one of them has not
 */
export async function publishResults(
  provider: string,
  decided: readonly Decided[],
  { broker, branch, ...version }: Publication,
  child: VerifierProcess,
): Promise<number> {
  const resultPaths = new Set<string>();
  const door = await openDoor({
    broker,
    env: child.env,
    signal: child.signal,
    onDocument(document, path) {
      if (!isPact(document)) return document;
      const numbered = withOwnStates(document, path, decided);
      const { 'pb:publish-verification-results': link } = document._links ?? {};
      if (numbered !== undefined && link?.href !== undefined) resultPaths.add(new URL(link.href).pathname);
      return numbered ?? {};
    },
  });
  const tap = await openReplay(decided);
  try {
    const source = { kind: 'broker', url: door.url, branch, publish: version } as const;
    const target = { providerBaseUrl: tap.url, stateUrl: tap.stateUrl, state: STATE };
    await runVerifier({ ...target, provider, source }, decided.length, child);
    const accepted = door.passed.filter(({ path, status }) => resultPaths.has(path) && status < 300);
    if (accepted.length < resultPaths.size || accepted.length === 0) {
      const missing = resultPaths.size - accepted.length;
      throw door.trouble() ?? new BrokerError('broker.results', { missing, of: resultPaths.size });
    }
    return accepted.length;
  } finally {
    await door.close();
    await tap.close();
  }
}

/** A tap that asks nobody: it gives the answers of before. */
function openReplay(decided: readonly Decided[]) {
  let current: Decided | undefined;
  return openTap({
    send: () =>
      current === undefined ? Promise.reject(new Error('nothing to replay')) : Promise.resolve(current.sent),
    prepare(index) {
      current = decided[index];
      return Promise.resolve({ id: 'replayed', caller: 'replayed', expectation: 'either' });
    },
    onExchange: () => undefined,
    onTrouble: () => undefined,
  });
}

/** A pact that came since then has interactions without an answer: the verifier is not given it, and publishes nothing of it. */
function withOwnStates(document: object, path: string, decided: readonly Decided[]): object | undefined {
  const { interactions: given } = document as { readonly interactions: readonly PactInteraction[] };
  const numbers = given.map((interaction) =>
    decided.findIndex(
      ({ entry }) => entry.pact.origin?.path === path && isSame(entry.interaction, interaction),
    ),
  );
  if (numbers.includes(-1)) return undefined;
  const interactions = given.map((interaction, index) => ({
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
