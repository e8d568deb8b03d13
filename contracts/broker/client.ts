import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';

import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';

import { parseExact, type Environment } from '../../core/node/index.ts';
import { objectIn } from '../pact-files/parse-interaction.ts';
import type { Written } from '../pact-files/pact-file.ts';
import type { BrokerAccess } from './access.ts';
import { BrokerError } from './broker-error.ts';

/** An answer of the broker with a status below 300. */
export interface BrokerReply {
  readonly status: number;
  readonly document: Written;
}

type Method = 'GET' | 'POST' | 'PUT';

/** Sends requests to a Pact broker with its credentials. */
export interface BrokerClient {
  readonly url: string;
  /**
   * @param address a path below the broker, or a link of the broker
   * @returns undefined for 404
   * @throws {BrokerError} for every other status from 300
   */
  send(method: Method, address: string, body?: object): Promise<BrokerReply | undefined>;
  close(): Promise<void>;
}

/** Connects to a broker. @throws {BrokerError} if SSL_CERT_FILE is not readable */
export async function openBroker(
  broker: BrokerAccess,
  env: Environment,
  signal: AbortSignal,
): Promise<BrokerClient> {
  const dispatcher = await dispatcherFor(env);
  return {
    url: broker.url,
    async send(method, address, body) {
      const url = resolveAddress(address, broker);
      const reply = await sendTo(url, { method, body, broker, dispatcher, signal });
      if (reply.status === 404) return undefined;
      const error = errorFor(reply, broker);
      if (error !== undefined) throw error;
      return { status: reply.status, document: objectIn(parse(reply.text)) };
    },
    close: () => dispatcher.destroy(),
  };
}

/** The link of a document with this name, filled with the values of its template. Undefined if there is none. */
export function linkIn(
  document: Written,
  name: string,
  values: Readonly<Record<string, string>> = {},
): string | undefined {
  const { href } = objectIn(objectIn(document['_links'])[name]);
  if (typeof href !== 'string') return undefined;
  return href.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
}

/** Links lead below the broker, because the credentials are only for it. */
function resolveAddress(address: string, { url }: BrokerAccess): string {
  if (address.startsWith('/')) return `${url}${address}`;
  if (address !== url && !address.startsWith(`${url}/`)) throw new BrokerError('broker.elsewhere', { url });
  return address;
}

interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly location: string;
}

interface BrokerRequest {
  readonly method: Method;
  readonly body: object | undefined;
  readonly broker: BrokerAccess;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
}

async function sendTo(
  url: string,
  { method, body, broker, dispatcher, signal }: BrokerRequest,
): Promise<RawReply> {
  const { authorization } = broker;
  try {
    const reply = await request(url, {
      method,
      headers: {
        accept: 'application/hal+json, application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher,
      signal,
    });
    const { statusCode: status, headers } = reply;
    return { status, text: await reply.body.text(), location: String(headers['location'] ?? '') };
  } catch (cause) {
    throw unreachable(broker.url, cause);
  }
}

const TEMPORARY_ERRORS = [408, 429, 500, 502, 503, 504];

/** Three attempts within two seconds, or after Retry-After. All requests to a broker are safe to repeat. */
const RETRIES = {
  maxRetries: 2,
  minTimeout: 500,
  maxTimeout: 10_000,
  timeoutFactor: 2,
  methods: ['GET', 'PUT', 'POST'] as Dispatcher.HttpMethod[],
  statusCodes: TEMPORARY_ERRORS,
  errorCodes: ['ECONNRESET', 'UND_ERR_SOCKET'],
  throwOnError: false,
};

/** Reads the variables of Pact's tools: SSL_CERT_FILE, SSL_SKIP_VERIFICATION, HTTPS_PROXY, NO_PROXY. */
async function dispatcherFor(env: Environment): Promise<Dispatcher> {
  const file = env['SSL_CERT_FILE'];
  const authorities = file ? [await readAuthority(file)] : [];
  const tls = {
    ca: [...getCACertificates('default'), ...authorities],
    rejectUnauthorized: env['SSL_SKIP_VERIFICATION'] !== 'true',
  };
  const agent = new EnvHttpProxyAgent({
    connect: tls,
    requestTls: tls,
    ...(env['HTTP_PROXY'] && { httpProxy: env['HTTP_PROXY'] }),
    ...(env['HTTPS_PROXY'] && { httpsProxy: env['HTTPS_PROXY'] }),
    ...(env['NO_PROXY'] && { noProxy: env['NO_PROXY'] }),
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  return agent.compose(interceptors.retry(RETRIES));
}

async function readAuthority(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new BrokerError('broker.certificate-file', { file, detail: cause.code ?? '' }, { cause });
  });
}

/** Shorter texts occur by chance. */
const MIN_SECRET_LENGTH = 4;

/** An error of a broker may quote the token. */
function masked(text: string, { authorization }: BrokerAccess): string {
  const [scheme = '', secret = ''] = authorization?.split(' ') ?? [];
  const pair = /^basic$/i.test(scheme) ? Buffer.from(secret, 'base64').toString('utf8') : '';
  const password = pair.slice(pair.indexOf(':') + 1);
  return [secret, password]
    .filter(({ length }) => length >= MIN_SECRET_LENGTH)
    .reduce((masking, one) => masking.replaceAll(one, '<broker token>'), text);
}

function errorFor({ status, text, location }: RawReply, broker: BrokerAccess): BrokerError | undefined {
  const { url } = broker;
  if (status < 300) return undefined;
  if (status < 400) return new BrokerError('broker.redirect', { url, location: masked(location, broker) });
  if (status === 401 || status === 403) return new BrokerError('broker.unauthorized', { url, status });
  const reply = messageIn(masked(text, broker));
  if (status === 409) return new BrokerError('broker.conflict', { url, reply });
  return new BrokerError('broker.failing', { url, status, reply });
}

/** The message in an error of a broker: `errors` is a list or an object of lists; other formats are `error` and `notices`. */
function messageIn(text: string): string {
  const { errors, error, notices } = objectIn(parse(text));
  const message = [errors, error, notices].find((one) => one !== undefined) ?? text;
  return stringsIn(message).join(' ').replaceAll(/\s+/g, ' ').slice(0, 300);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|VERIFY_LEAF|ALTNAME/;

function unreachable(url: string, cause: unknown): BrokerError {
  const { code = '', message = '' } = Object(cause) as { code?: string; message?: string };
  const detail = code || message;
  const problem = CERTIFICATE_ERROR.test(code) ? 'broker.certificate' : 'broker.unreachable';
  return new BrokerError(problem, { url, detail }, { cause });
}

/** Pacts keep their numbers. */
function parse(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
