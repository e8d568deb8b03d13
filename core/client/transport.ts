import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

import { Pool } from 'undici';

import {
  headerValue,
  type Exchange,
  type FailureReason,
  type HeaderLine,
  type HttpFailure,
} from '../index.ts';

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
  readonly #pool: Pool;
  readonly #origin: string;

  constructor(origin: string, connections: number) {
    this.#origin = origin;
    this.#pool = poolFor(origin, connections);
  }

  /** @throws the reason of `signal` if it aborts */
  send(request: WireRequest, signal: AbortSignal): Promise<Answer> {
    return exchangeOver(this.#pool, request, signal);
  }

  /** Distinguishes a server that drops requests from one that closed an idle connection. */
  async sendOnNewConnection(request: WireRequest, signal: AbortSignal): Promise<Answer> {
    const pool = poolFor(this.#origin, 1);
    try {
      return await exchangeOver(pool, request, signal);
    } finally {
      await pool.destroy();
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function poolFor(origin: string, connections: number): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: IDLE_TIMEOUT_MS,
    bodyTimeout: IDLE_TIMEOUT_MS,
  });
}

async function exchangeOver(
  pool: Pool,
  { method, path, headers, body }: WireRequest,
  signal: AbortSignal,
): Promise<Answer> {
  let hasStarted = false;
  const timeout = startTimeout(signal);
  try {
    const reply = await pool.request({
      method,
      path,
      headers: headers.flat(),
      body: body ?? null,
      responseHeaders: 'raw',
      signal: timeout.signal,
    });
    hasStarted = true;
    const bytes = new Uint8Array(await reply.body.arrayBuffer());
    const lines = pairs(reply.headers as unknown as string[]);
    return {
      kind: 'response',
      status: reply.statusCode,
      headers: lines,
      headerLines: 'separate',
      body: { kind: 'bytes', bytes: decode(bytes, headerValue(lines, 'content-encoding')) },
    };
  } catch (error) {
    signal.throwIfAborted();
    return timeout.signal.aborted
      ? { kind: 'failure', reason: 'timeout', detail: 'the response did not end' }
      : failure(error, hasStarted);
  } finally {
    timeout.clear();
  }
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

/**
 * Removes the content coding.
 * @throws {Error} of zlib if the body does not have this coding
 */
function decode(bytes: Uint8Array, coding: string | undefined): Uint8Array {
  if (bytes.length === 0) return bytes;
  switch (coding?.toLowerCase() ?? 'identity') {
    case 'gzip':
      return gunzipSync(bytes);
    case 'deflate':
      return inflateSync(bytes);
    case 'br':
      return brotliDecompressSync(bytes);
    default:
      return bytes;
  }
}

const reasons: Record<string, FailureReason> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'refused',
  EAI_AGAIN: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'refused',
  EPROTO: 'refused',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut',
};

function failure(error: unknown, hasStarted: boolean): HttpFailure {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const reason =
    reasons[code] ??
    (isUntrusted(code) ? 'refused' : undefined) ??
    (isMalformed(code) ? 'malformed' : hasStarted ? 'cut' : 'reset');
  return { kind: 'failure', reason, detail: message };
}

function isMalformed(code: string): boolean {
  return code.startsWith('HPE_') || code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}

/** The TLS handshake failed. This is a problem of the set-up, not of the service. */
function isUntrusted(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/.test(code);
}
