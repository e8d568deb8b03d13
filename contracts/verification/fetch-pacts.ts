import { BrokerError, startBrokerProxy, type BrokerAccess } from '../broker/index.ts';
import { checkPact, type PactFile } from './pact-file.ts';
import { runVerifier, type VerifierLaunch } from './run-verifier.ts';

export interface BrokerPacts {
  readonly broker: BrokerAccess;
  /** The branch of the provider. */
  readonly branch: string;
}

/**
 * Fetches the pacts of a provider that Pact's verifier selects at the broker. The verifier receives them without
 * interactions, so that it verifies nothing yet.
 * @throws {BrokerError}
 */
export async function fetchPacts(
  provider: string,
  { broker, branch }: BrokerPacts,
  launch: VerifierLaunch,
): Promise<PactFile[]> {
  const documents: [string, object][] = [];
  let listed: ListedPact[] | undefined;
  const proxy = await startBrokerProxy({
    broker,
    env: launch.env,
    signal: launch.signal,
    onDocument(document, path) {
      if (isPact(document)) {
        documents.push([path, document]);
        return { ...document, interactions: [], messages: [] };
      }
      listed = listedIn(document) ?? listed;
      return document;
    },
  });
  try {
    const unused = { providerBaseUrl: proxy.url, stateUrl: proxy.url };
    const source = { kind: 'broker', url: proxy.url, branch } as const;
    await runVerifier({ ...unused, provider, source }, 0, launch);
    const error = proxy.firstError();
    if (error !== undefined) throw error;
    if (listed === undefined) throw new BrokerError('broker.no-broker', { url: broker.url });
    if (documents.length < listed.length) throw new BrokerError('broker.elsewhere', { url: broker.url });
    const pacts = documents.map(([path, document]) => fromBroker(path, document, listed ?? []));
    return pacts.toSorted(byConsumer);
  } finally {
    await proxy.close();
  }
}

/** An entry in the list of pacts for verification. */
interface ListedPact {
  readonly verificationProperties?: { readonly pending?: boolean };
  readonly _links: { readonly self: { readonly href: string } };
}

function listedIn(document: unknown): ListedPact[] | undefined {
  const { _embedded } = Object(document) as { _embedded?: { pacts?: ListedPact[] } };
  return _embedded?.pacts;
}

interface PactDocument {
  readonly interactions?: readonly unknown[];
  readonly messages?: readonly unknown[];
  readonly _links?: Readonly<Record<string, { readonly name?: string; readonly href?: string } | undefined>>;
}

/** Whether a document of a broker is a pact. */
export function isPact(document: unknown): document is PactDocument {
  const { interactions, messages } = Object(document) as Partial<PactDocument>;
  return Array.isArray(interactions) || Array.isArray(messages);
}

/** Makes the order of reports independent of the broker. */
function byConsumer(one: PactFile, other: PactFile): number {
  const key = ({ consumer, origin }: PactFile): string => `${consumer.name} ${origin?.consumerVersion}`;
  return key(one).localeCompare(key(other));
}

function fromBroker(path: string, document: object, listed: readonly ListedPact[]): PactFile {
  const entry = listed.find(({ _links }) => new URL(_links.self.href).pathname === path);
  const { _links: links } = document as PactDocument;
  return {
    ...checkPact(document, path),
    origin: {
      path,
      consumerVersion: links?.['pb:consumer-version']?.name ?? '',
      isPending: entry?.verificationProperties?.pending ?? false,
    },
  };
}
