import { pactDocument, type PactFile } from '../pact-files/pact-file.ts';
import { linkIn, type BrokerClient } from './client.ts';
import { BrokerError } from './broker-error.ts';
import { indexOf } from './fetch-pacts.ts';

/** The consumer version to publish. */
export interface ConsumerVersion {
  readonly version: string;
  readonly branch: string;
  readonly buildUrl: string | undefined;
  readonly tags: readonly string[];
}

/** A pact that the broker has accepted. */
export interface PublishedPact {
  readonly pact: PactFile;
  /** The address of its page; undefined if the broker does not return it. */
  readonly url: string | undefined;
}

/**
 * Publishes pacts with one version, all pacts of a consumer in one request, so that a conflict leaves nothing half
 * published.
 * @throws {BrokerError} with code broker.conflict if the broker has other contracts for the version
 */
export async function publishContracts(
  pacts: readonly PactFile[],
  version: ConsumerVersion,
  client: BrokerClient,
): Promise<PublishedPact[]> {
  const address = linkIn(await indexOf(client), 'pb:publish-contracts');
  if (address === undefined) throw new BrokerError('broker.no-broker', { url: client.url });
  const published: PublishedPact[] = [];
  for (const [consumer, own] of Map.groupBy(pacts, (pact) => pact.consumer.name)) {
    const reply = await client.send('POST', address, publication(consumer, own, version));
    const text = JSON.stringify(reply?.document ?? {});
    published.push(...own.map((pact) => ({ pact, url: pageOf(pact, version, client, text) })));
  }
  return published;
}

function publication(
  consumer: string,
  pacts: readonly PactFile[],
  { version, branch, buildUrl, tags }: ConsumerVersion,
): object {
  return {
    pacticipantName: consumer,
    pacticipantVersionNumber: version,
    branch,
    ...(tags.length > 0 && { tags }),
    ...(buildUrl !== undefined && { buildUrl }),
    contracts: pacts.map((pact) => ({
      consumerName: consumer,
      providerName: pact.provider.name,
      specification: 'pact',
      contentType: 'application/json',
      content: Buffer.from(JSON.stringify(pactDocument(pact)), 'utf8').toString('base64'),
      onConflict: 'overwrite',
    })),
  };
}

/** The page of a pact, if the reply of the broker names it. */
function pageOf(
  { consumer, provider }: PactFile,
  { version }: ConsumerVersion,
  { url }: BrokerClient,
  reply: string,
): string | undefined {
  const parts = ['pacts/provider', provider.name, 'consumer', consumer.name, 'version', version];
  const page = `${url}/${parts.map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/')}`;
  return reply.includes(page) ? page : undefined;
}
