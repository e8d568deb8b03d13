import { BrokerError, openDoor, type BrokerAccess } from '../broker/index.ts';
import { checkPact, type PactFile } from './pact-file.ts';
import { runVerifier, type VerifierProcess } from './run-verifier.ts';

export interface BrokerPacts {
  readonly broker: BrokerAccess;
  /** The branch of the provider that is verified. */
  readonly branch: string;
}

/**
 * Fetches the pacts of a provider that are in use or come next. Pact's own verifier asks the broker for them and is
 * handed pacts without interactions: it has nothing to verify yet.
 * @throws {BrokerError}
 */
export async function fetchPacts(
  provider: string,
  { broker, branch }: BrokerPacts,
  child: VerifierProcess,
): Promise<PactFile[]> {
  const documents: [string, object][] = [];
  let listed: Listed[] | undefined;
  const door = await openDoor({
    broker,
    env: child.env,
    signal: child.signal,
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
    const nowhere = { providerBaseUrl: door.url, stateUrl: door.url, state: 'none' };
    const source = { kind: 'broker', url: door.url, branch } as const;
    await runVerifier({ ...nowhere, provider, source }, 0, child);
    const trouble = door.trouble();
    if (trouble !== undefined) throw trouble;
    if (listed === undefined) throw new BrokerError('broker.no-broker', { url: broker.url });
    if (documents.length < listed.length) throw new BrokerError('broker.elsewhere', { url: broker.url });
    const pacts = documents.map(([path, document]) => fromBroker(path, document, listed ?? []));
    return pacts.toSorted(byConsumer);
  } finally {
    await door.close();
  }
}

/** A pact as the list of what is to be verified names it. */
interface Listed {
  readonly verificationProperties?: { readonly pending?: boolean };
  readonly _links: { readonly self: { readonly href: string } };
}

function listedIn(document: unknown): Listed[] | undefined {
  const { _embedded } = Object(document) as { _embedded?: { pacts?: Listed[] } };
  return _embedded?.pacts;
}

interface PactDocument {
  readonly interactions?: readonly unknown[];
  readonly messages?: readonly unknown[];
  readonly _links?: Readonly<Record<string, { readonly name?: string; readonly href?: string } | undefined>>;
}

/** Is a document of a broker a pact, and not a list or an index? A pact of messages is one as well. */
export function isPact(document: unknown): document is PactDocument {
  const { interactions, messages } = Object(document) as Partial<PactDocument>;
  return Array.isArray(interactions) || Array.isArray(messages);
}

/** The order of a broker is its own: reports keep to ours. */
function byConsumer(one: PactFile, other: PactFile): number {
  const key = ({ consumer, origin }: PactFile): string => `${consumer.name} ${origin?.consumerVersion}`;
  return key(one).localeCompare(key(other));
}

function fromBroker(path: string, document: object, listed: readonly Listed[]): PactFile {
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
