import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { getCACertificates } from 'node:tls';

import { EnvHttpProxyAgent, interceptors, request as send, type Dispatcher } from 'undici';

import type { BrokerAccess } from './access.ts';
import { BrokerError } from './broker-error.ts';

/** A request that went through the door, for those who want to know what was done. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface DoorOptions {
  readonly broker: BrokerAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Sees every JSON document of the broker on its way, and gives what is handed on. */
  readonly onDocument?: (document: unknown, path: string) => unknown;
}

/** The broker on a local address, without credentials. */
export interface Door {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** The first trouble: what came after follows from it. */
  trouble(): BrokerError | undefined;
  close(): Promise<void>;
}

/**
 * Opens a local reverse proxy between Pact's own tools and the broker. The tools speak the protocol; the door holds
 * the credentials, so that none is in an argument list, and sees why a request failed, which the tools do not say.
 * It tries again what a broker may mend; what is left is answered with 400, for the tools would go on for a minute.
 */
export async function openDoor({ broker, env, signal, onDocument }: DoorOptions): Promise<Door> {
  const { origin, pathname } = new URL(broker.url);
  const dispatcher = await dispatcherFor(env);
  const passed: Passed[] = [];
  const troubles: BrokerError[] = [];

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const answer = await send(`${origin}${path}`, {
      method,
      headers: headersFor(incoming, broker),
      body: method === 'GET' ? null : await buffer(incoming),
      dispatcher,
      signal,
    }).catch((cause: unknown) => {
      throw unreachable(broker.url, cause);
    });
    const { statusCode: status, headers } = answer;
    const text = await answer.body.text();
    passed.push({ method, path, status });
    const trouble = troubleIn(status, {
      url: broker.url,
      text: masked(text, broker),
      location: String(headers['location'] ?? ''),
    });
    if (trouble !== undefined) troubles.push(trouble);
    if ((status >= 300 && status < 400) || TRANSIENT.includes(status)) return refuse(response);
    const type = String(headers['content-type'] ?? 'application/json');
    response.writeHead(status, { 'Content-Type': type });
    response.end(handOn(text, path));
  }

  /** Links lead to the broker: they are turned to the door, or the tools would walk past it. */
  function handOn(text: string, path: string): string {
    const local = text.replaceAll(origin, localOrigin());
    if (onDocument === undefined) return local;
    const document = parsed(local);
    return document === undefined ? local : JSON.stringify(onDocument(document, path));
  }

  function refuse(response: ServerResponse): void {
    response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"error":"see the harness"}');
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error: unknown) => {
      troubles.push(error instanceof BrokerError ? error : unreachable(broker.url, error));
      refuse(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const localOrigin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${localOrigin()}${pathname === '/' ? '' : pathname}`,
    passed,
    trouble: () => troubles[0],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await dispatcher.destroy();
    },
  };
}

const TRANSIENT = [408, 429, 500, 502, 503, 504];

/** Three tries within two seconds, and Retry-After where there is one. Everything asked of a broker may be repeated. */
const PATIENCE = {
  maxRetries: 2,
  minTimeout: 500,
  maxTimeout: 10_000,
  timeoutFactor: 2,
  methods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'] as Dispatcher.HttpMethod[],
  statusCodes: TRANSIENT,
  errorCodes: ['ECONNRESET', 'UND_ERR_SOCKET'],
  throwOnError: false,
};

/** Certificates and proxies as Pact's tools take them: SSL_CERT_FILE, SSL_SKIP_VERIFICATION, HTTPS_PROXY, NO_PROXY. */
async function dispatcherFor(env: DoorOptions['env']): Promise<Dispatcher> {
  const file = env['SSL_CERT_FILE'];
  const own = file ? [await readAuthority(file)] : [];
  const tls = {
    ca: [...getCACertificates('default'), ...own],
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
  return agent.compose(interceptors.retry(PATIENCE));
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

/** A broker may repeat what it was shown. */
function masked(text: string, { authorization }: BrokerAccess): string {
  const secret = authorization?.split(' ')[1];
  return secret ? text.replaceAll(secret, '<broker token>') : text;
}

interface Answered {
  readonly url: string;
  readonly text: string;
  readonly location: string;
}

function troubleIn(status: number, { url, text, location }: Answered): BrokerError | undefined {
  if (status < 300 || status === 404) return undefined; // what is not there is for the tool to say
  if (status < 400) return new BrokerError('broker.redirect', { url, location });
  if (status === 401 || status === 403) return new BrokerError('broker.unauthorized', { url, status });
  if (status === 409) return new BrokerError('broker.conflict', { url, says: wordsOf(text) });
  return new BrokerError('broker.failing', { url, status, says: wordsOf(text) });
}

/** What a broker says of an error: `errors` is a list, an object of lists, or `error.message`. */
function wordsOf(text: string): string {
  const document = parsed(text);
  const { errors, error, notices } = Object(document) as Record<string, unknown>;
  const said = [errors, error, notices].find((one) => one !== undefined) ?? text;
  return stringsIn(said).join(' ').replaceAll(/\s+/g, ' ').slice(0, 300);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const CERTIFICATE = /CERT|SELF_SIGNED|VERIFY_LEAF|ALTNAME/;

function unreachable(url: string, cause: unknown): BrokerError {
  const { code = '', message = '' } = Object(cause) as { code?: string; message?: string };
  const detail = code || message;
  const problem = CERTIFICATE.test(code) ? 'broker.certificate' : 'broker.unreachable';
  return new BrokerError(problem, { url, detail }, { cause });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
