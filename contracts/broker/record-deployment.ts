import { isObject, objectIn } from '../pact-files/parse-interaction.ts';
import type { BrokerClient } from './client.ts';
import { BrokerError } from './broker-error.ts';

/** Records that a version is deployed to an environment, like Pact's `record-deployment`. @throws {BrokerError} */
export async function recordDeployment(
  pacticipant: string,
  version: string,
  environment: string,
  client: BrokerClient,
): Promise<void> {
  const path = `/pacticipants/${encodeURIComponent(pacticipant)}/versions/${encodeURIComponent(version)}`;
  const found = await client.send('GET', path);
  if (found === undefined) throw new BrokerError('broker.no-version', { name: pacticipant, version });
  const links = objectIn(found.document['_links'])['pb:record-deployment'];
  const link = (Array.isArray(links) ? links.filter(isObject) : []).find(({ name }) => name === environment);
  if (typeof link?.['href'] !== 'string')
    throw new BrokerError('broker.unknown-environment', { environment });
  await client.send('POST', link['href'], {});
}
