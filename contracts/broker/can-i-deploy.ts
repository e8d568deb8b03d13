import { numberIn } from '../../core/node/index.ts';
import { isObject, objectIn } from '../pact-files/parse-interaction.ts';
import type { BrokerClient } from './client.ts';
import { BrokerError } from './broker-error.ts';

/** The decision of the broker whether a version can be deployed. */
export interface DeployDecision {
  /** `failed`: a verification failed. `unknown`: a result is missing. */
  readonly kind: 'deployable' | 'failed' | 'unknown';
  /** The reason as the broker words it. */
  readonly reason: string;
}

/**
 * Asks the broker whether a version of a pacticipant can be deployed, like Pact's `can-i-deploy`.
 * @throws {BrokerError}
 */
export async function canIDeploy(
  pacticipant: string,
  version: string,
  environment: string,
  client: BrokerClient,
): Promise<DeployDecision> {
  const query = [
    ['q[][pacticipant]', pacticipant],
    ['q[][version]', version],
    ['latestby', 'cvpv'],
    ['environment', environment],
  ].map(([name = '', value = '']) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const reply = await client.send('GET', `/matrix?${query.join('&')}`).catch((error: unknown) => {
    throw isUnknownEnvironment(error)
      ? new BrokerError('broker.unknown-environment', { environment })
      : error;
  });
  if (reply === undefined) throw new BrokerError('broker.no-broker', { url: client.url });
  const { deployable, reason, failed } = objectIn(reply.document['summary']);
  if (deployable === true) return { kind: 'deployable', reason: String(reason) };
  const kind = (numberIn(failed) ?? 0) > 0 ? 'failed' : 'unknown';
  return { kind, reason: [...noticesIn(reply.document), String(reason)][0] ?? '' };
}

function isUnknownEnvironment(error: unknown): boolean {
  return error instanceof BrokerError && /environment .* does not exist/i.test(error.message);
}

/** All notices of the broker about errors and warnings. */
function noticesIn({ notices }: Readonly<Record<string, unknown>>): string[] {
  const texts = (Array.isArray(notices) ? notices : [])
    .filter(isObject)
    .filter(({ type }) => type === 'error' || type === 'warning')
    .flatMap(({ text }) => (typeof text === 'string' ? [text.trim()] : []));
  return texts.length === 0 ? [] : [texts.join(' ')];
}
