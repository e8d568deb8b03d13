/** A Pact broker, and what opens it. */
export interface BrokerAccess {
  /** Without credentials: it is shown to people. */
  readonly url: string;
  /** The whole Authorization header; undefined for a broker that is open to all. */
  readonly authorization: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The broker as Pact's own tools are told of it: `PACT_BROKER_BASE_URL` with `PACT_BROKER_TOKEN`, or with
 * `PACT_BROKER_USERNAME` and `PACT_BROKER_PASSWORD`, or with both in the URL.
 * @returns undefined where no broker is named, null where its URL is none
 */
export function readBrokerAccess(env: Env): BrokerAccess | undefined | null {
  const named = env['PACT_BROKER_BASE_URL']?.trim();
  if (!named) return undefined;
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) return null;
  const url = new URL(named);
  const inUrl = url.username === '' ? undefined : basic(url.username, url.password, decodeURIComponent);
  const plain = `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
  return { url: plain, authorization: authorizationOf(env) ?? inUrl };
}

function authorizationOf(env: Env): string | undefined {
  const token = env['PACT_BROKER_TOKEN']?.trim();
  if (token) return `Bearer ${token}`;
  const username = env['PACT_BROKER_USERNAME'];
  return username ? basic(username, env['PACT_BROKER_PASSWORD'] ?? '', String) : undefined;
}

function basic(username: string, password: string, decode: (text: string) => string): string {
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`, 'utf8').toString('base64')}`;
}
