import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { getCACertificates } from 'node:tls';

import { EnvHttpProxyAgent, interceptors, request as send, type Dispatcher } from 'undici';

import { listenOnLoopback } from '../../core/node/index.ts';
import type { BrokerAccess } from './access.ts';
import { BrokerError } from './broker-error.ts';

/** A request that the proxy forwarded. */
export interface ForwardedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface BrokerProxyOptions {
  readonly broker: BrokerAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Receives each JSON document of the broker and returns the document to pass on. */
  readonly onDocument?: (document: unknown, path: string) => unknown;
}

/** The broker at a local address that needs no credentials. */
export interface BrokerProxy {
  readonly url: string;
  readonly forwarded: readonly ForwardedRequest[];
  /** The first error. Later errors usually follow from it. */
  firstError(): BrokerError | undefined;
  close(): Promise<void>;
}

/**
 * Starts a local reverse proxy between Pact's tools and the broker. The proxy adds the credentials, so that they are not
 * in an argument list, and records why a request failed, which the tools do not report. It retries temporary errors
 * and answers 400 to the tool if an error remains, because the tools would retry for a minute.
 */
export async function startBrokerProxy(options: BrokerProxyOptions): Promise<BrokerProxy> {
  const { broker, env, onDocument } = options;
  const { origin, pathname } = new URL(broker.url);
  const dispatcher = await dispatcherFor(env);
  const forwarded: ForwardedRequest[] = [];
  const errors: BrokerError[] = [];

  async function forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const reply = await requestBroker(incoming, options, dispatcher);
    const { status, text, type } = reply;
    forwarded.push({ method, path, status });
    const error = errorFor(reply, broker);
    if (error !== undefined) errors.push(error);
    if ((status >= 300 && status < 400) || TEMPORARY_ERRORS.includes(status)) return rejectRequest(response);
    // Links must keep leading to the proxy.
    const local = text.replaceAll(origin, server.url);
    const document = onDocument === undefined ? undefined : parse(local);
    response.writeHead(status, { 'Content-Type': type });
    response.end(document === undefined ? local : JSON.stringify(onDocument?.(document, path)));
  }

  const server = await listenOnLoopback(
    createServer((incoming, response) => {
      forward(incoming, response).catch((error: unknown) => {
        errors.push(error instanceof BrokerError ? error : unreachable(broker.url, error));
        rejectRequest(response);
      });
    }),
  );
  return {
    url: `${server.url}${pathname === '/' ? '' : pathname}`,
    forwarded,
    firstError: () => errors[0],
    async close() {
      await server.close();
      await dispatcher.destroy();
    },
  };
}

interface BrokerReply {
  readonly status: number;
  readonly text: string;
  readonly type: string;
  readonly location: string;
}

/** Sends a request of a tool to the broker, with the credentials. */
async function requestBroker(
  incoming: IncomingMessage,
  { broker, signal }: BrokerProxyOptions,
  dispatcher: Dispatcher,
): Promise<BrokerReply> {
  const { method = 'GET', url: path = '/' } = incoming;
  try {
    const { statusCode, headers, body } = await send(`${new URL(broker.url).origin}${path}`, {
      method,
      headers: headersFor(incoming, broker),
      body: method === 'GET' ? null : await buffer(incoming),
      dispatcher,
      signal,
    });
    return {
      status: statusCode,
      text: await body.text(),
      type: String(headers['content-type'] ?? 'application/json'),
      location: String(headers['location'] ?? ''),
    };
  } catch (cause) {
    throw unreachable(broker.url, cause);
  }
}

function rejectRequest(response: ServerResponse): void {
  const error = 'The harness could not send this request; its report has the reason.';
  response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error }));
}

const TEMPORARY_ERRORS = [408, 429, 500, 502, 503, 504];

/** Three attempts within two seconds, or after Retry-After. All requests to a broker are safe to repeat. */
const RETRIES = {
  maxRetries: 2,
  minTimeout: 500,
  maxTimeout: 10_000,
  timeoutFactor: 2,
  methods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'] as Dispatcher.HttpMethod[],
  statusCodes: TEMPORARY_ERRORS,
  errorCodes: ['ECONNRESET', 'UND_ERR_SOCKET'],
  throwOnError: false,
};

/** Reads the variables of Pact's tools: SSL_CERT_FILE, SSL_SKIP_VERIFICATION, HTTPS_PROXY, NO_PROXY. */
async function dispatcherFor(env: BrokerProxyOptions['env']): Promise<Dispatcher> {
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

const NOT_FORWARDED = /^(host|connection|content-length|transfer-encoding|accept-encoding|authorization)$/;

function headersFor({ headers }: IncomingMessage, { authorization }: BrokerAccess): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.test(name));
  const all = kept.map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(all), ...(authorization !== undefined && { authorization }) } as Record<
    string,
    string
  >;
}

/** An error of a broker may quote the token. */
function masked(text: string, { authorization }: BrokerAccess): string {
  const secret = authorization?.split(' ')[1];
  return secret ? text.replaceAll(secret, '<broker token>') : text;
}

function errorFor({ status, text, location }: BrokerReply, broker: BrokerAccess): BrokerError | undefined {
  const { url } = broker;
  if (status < 300 || status === 404) return undefined; // the tool reports what it did not find
  if (status < 400) return new BrokerError('broker.redirect', { url, location });
  if (status === 401 || status === 403) return new BrokerError('broker.unauthorized', { url, status });
  const reply = messageIn(masked(text, broker));
  if (status === 409) return new BrokerError('broker.conflict', { url, reply });
  return new BrokerError('broker.failing', { url, status, reply });
}

/** The message in an error of a broker: `errors` is a list or an object of lists; other formats are `error` and `notices`. */
function messageIn(text: string): string {
  const { errors, error, notices } = Object(parse(text)) as Record<string, unknown>;
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
