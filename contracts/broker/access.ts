import type { Environment } from '../../core/node/index.ts';

/** A Pact broker with its credentials. */
export interface BrokerAccess {
  /** Without credentials, so that it can be shown. */
  readonly url: string;
  /** Value of the Authorization header; undefined for a broker without authentication. */
  readonly authorization: string | undefined;
}

/**
 * Reads the variables of Pact's tools: `PACT_BROKER_BASE_URL` with `PACT_BROKER_TOKEN`, or with `PACT_BROKER_USERNAME` and
 * `PACT_BROKER_PASSWORD`, or with both in the URL.
 * @returns undefined if no broker is configured, null if its URL is not valid
 */
export function readBrokerAccess(env: Environment): BrokerAccess | undefined | null {
  const configured = env['PACT_BROKER_BASE_URL']?.trim();
  if (!configured) return undefined;
  if (!URL.canParse(configured) || !/^https?:$/.test(new URL(configured).protocol)) return null;
  const url = new URL(configured);
  if (!isDecodable(url.username) || !isDecodable(url.password)) return null;
  const inUrl = url.username === '' ? undefined : basic(url.username, url.password, decodeURIComponent);
  const withoutCredentials = `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
  return { url: withoutCredentials, authorization: authorizationIn(env) ?? inUrl };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function authorizationIn(env: Environment): string | undefined {
  const token = env['PACT_BROKER_TOKEN']?.trim();
  if (token) return `Bearer ${token}`;
  const username = env['PACT_BROKER_USERNAME'];
  return username ? basic(username, env['PACT_BROKER_PASSWORD'] ?? '', String) : undefined;
}

function basic(username: string, password: string, decode: (text: string) => string): string {
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`, 'utf8').toString('base64')}`;
}
