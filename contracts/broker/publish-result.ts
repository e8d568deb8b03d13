import { linkIn, type BrokerClient } from './client.ts';
import { BrokerError } from './broker-error.ts';

/** The provider version of published results. */
export interface ProviderVersion {
  readonly version: string;
  readonly branch: string;
  readonly buildUrl: string | undefined;
}

/** The result of an interaction in the form of Pact. */
export interface TestResult {
  readonly interactionId: string;
  readonly success: boolean;
  readonly mismatches?: readonly { readonly description: string }[];
}

/** The result of a pact. The broker takes one for each pact. */
export interface PactResult {
  readonly success: boolean;
  readonly testResults: readonly TestResult[];
}

/** The implementation that the broker shows. */
const VERIFIED_BY = { implementation: 'managed-clients-harness' };

/** Publishes the result of a pact. @throws {BrokerError} */
export async function publishResult(
  client: BrokerClient,
  resultsUrl: string,
  { success, testResults }: PactResult,
  { version, buildUrl }: ProviderVersion,
): Promise<void> {
  const reply = await client.send('POST', resultsUrl, {
    success,
    providerApplicationVersion: version,
    ...(buildUrl !== undefined && { buildUrl }),
    testResults,
    verifiedBy: VERIFIED_BY,
  });
  if (reply === undefined) throw new BrokerError('broker.no-pact', { url: resultsUrl });
  // A login page may answer 200, too.
  const isStored = reply.status === 201 || reply.document['success'] === success;
  if (!isStored) throw new BrokerError('broker.no-broker', { url: client.url });
}

/** Records the branch of a provider version before its results, as Pact's verifier does. @throws {BrokerError} */
export async function recordBranch(
  client: BrokerClient,
  provider: string,
  { version, branch }: ProviderVersion,
): Promise<void> {
  const found = await client.send('GET', `/pacticipants/${encodeURIComponent(provider)}`);
  const address = found && linkIn(found.document, 'pb:branch-version', { branch, version });
  if (address === undefined) throw new BrokerError('broker.no-pacticipant', { name: provider });
  const recorded = await client.send('PUT', address, {});
  if (recorded === undefined) throw new BrokerError('broker.no-pacticipant', { name: provider });
}
