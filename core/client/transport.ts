import { Agent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as requestHttps } from 'node:https';

import { headerValue, type Exchange, type HeaderLine } from '../index.ts';
import { classifyFailure, IdleError, MAX_HEADER_KIB } from './classify-failure.ts';
import { readBody } from './decode-body.ts';

/** A request as sent, with its secrets. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

type Answer = Exchange['answer'];

/** The longest time without any data. */
const IDLE_TIMEOUT_MS = 10_000;
/** The longest time for a whole response, for servers that send it slowly without a pause. */
const TOTAL_TIMEOUT_MS = 15_000;

/** Sends requests to one origin. A network failure is a result, not an exception. */
export class Transport {
  readonly #origin: URL;
  readonly #agent: Agent | TlsAgent;

  constructor(origin: string, connections: number) {
    this.#origin = new URL(origin);
    this.#agent = agentFor(this.#origin, { keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  }

  /** @throws the reason of `signal` if it aborts */
  send(request: WireRequest, signal: AbortSignal): Promise<Answer> {
    return exchangeOver(this.#agent, this.#origin, request, signal);
  }

  /** Distinguishes a server that drops requests from one that closed an idle connection. */
  sendOnNewConnection(request: WireRequest, signal: AbortSignal): Promise<Answer> {
    return sendOnce(this.#origin, request, signal);
  }

  close(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }
}

/**
 * Sends one request on a connection of its own, such as a request for a token.
 * @throws the reason of `signal` if it aborts
 */
export async function sendOnce(url: URL, request: WireRequest, signal: AbortSignal): Promise<Answer> {
  const agent = agentFor(url, { keepAlive: false });
  try {
    return await exchangeOver(agent, url, request, signal);
  } finally {
    agent.destroy();
  }
}

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY apply, except on the loopback interface. */
function agentFor({ protocol, hostname }: URL, options: object): Agent | TlsAgent {
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  // oxlint-disable-next-line node/no-process-env -- the variables are those of every tool, and Node reads them itself
  const withProxy = isLocal ? options : { ...options, proxyEnv: process.env };
  return protocol === 'https:' ? new TlsAgent(withProxy) : new Agent(withProxy);
}

async function exchangeOver(
  agent: Agent | TlsAgent,
  origin: URL,
  request: WireRequest,
  signal: AbortSignal,
): Promise<Answer> {
  let hasStarted = false;
  const timeout = startTimeout(signal);
  try {
    const response = await start(agent, origin, request, timeout.signal);
    hasStarted = true;
    const headers = pairs(response.rawHeaders);
    const bytes = await readBody(response, headerValue(headers, 'content-encoding'));
    return {
      kind: 'response',
      status: response.statusCode ?? 0,
      headers,
      headerLines: 'separate',
      body: { kind: 'bytes', bytes },
    };
  } catch (error) {
    signal.throwIfAborted();
    return timeout.signal.aborted
      ? { kind: 'failure', reason: 'timeout', detail: 'the response did not end' }
      : classifyFailure(error, hasStarted);
  } finally {
    timeout.clear();
  }
}

/** Sends a request and waits for the head of the final response. Interim responses (1xx) are skipped. */
function start(
  agent: Agent | TlsAgent,
  origin: URL,
  { method, path, headers, body }: WireRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    agent,
    protocol: origin.protocol,
    // Without the brackets of an IPv6 address.
    hostname: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: origin.port,
    method,
    path,
    headers: [...framing(origin, method, body, headers), ...headers].flat(),
    maxHeaderSize: MAX_HEADER_KIB * 1024,
    timeout: IDLE_TIMEOUT_MS,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = origin.protocol === 'https:' ? requestHttps(options) : requestHttp(options);
    let response: IncomingMessage | undefined;
    request.once('response', (received) => {
      response = received;
      resolve(received);
    });
    request.once('error', reject);
    request.once('timeout', () => {
      const error = new IdleError(`no data for ${IDLE_TIMEOUT_MS / 1000} s`);
      response?.destroy(error);
      request.destroy(error);
    });
    request.end(body);
  });
}

/** The headers that describe the message, which a client adds to those of the caller. */
function framing(
  { host }: URL,
  method: string,
  body: Uint8Array | undefined,
  headers: readonly HeaderLine[],
): HeaderLine[] {
  const has = (wanted: string): boolean => headers.some(([name]) => name.toLowerCase() === wanted);
  const needsLength = body !== undefined || !['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'].includes(method);
  const hasLength = has('content-length') || has('transfer-encoding');
  return [
    ...(has('host') ? [] : ([['Host', host]] as const)),
    ...(needsLength && !hasLength ? ([['Content-Length', String(body?.length ?? 0)]] as const) : []),
  ];
}

/**
 * A signal that also aborts after the total timeout. AbortSignal.timeout would retain its listeners until it fires, which
 * is hundreds of megabytes at thousands of requests per second.
 */
function startTimeout(signal: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, TOTAL_TIMEOUT_MS);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

function pairs(flat: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let index = 0; index < flat.length; index += 2) lines.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return lines;
}
