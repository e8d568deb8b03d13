import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

import { Pool } from 'undici';

import {
  headerValue,
  type Exchange,
  type FailureReason,
  type HeaderLine,
  type HttpFailure,
} from '../index.ts';

/** A request ready for the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

type Answer = Exchange['answer'];

/** A longer silence is a hang, and so is an answer that drips for longer than this and a half. */
const TIMEOUT_MS = 10_000;
const WHOLE_TIMEOUT_MS = 15_000;

/** Sends bytes to one origin and gives back what came, or why nothing came. Never throws for the network's sake. */
export class Transport {
  readonly #pool: Pool;
  readonly #origin: string;

  constructor(origin: string, connections: number) {
    this.#origin = origin;
    this.#pool = poolFor(origin, connections);
  }

  /** Rejects only where `signal` aborts. */
  send(request: WireRequest, signal: AbortSignal): Promise<Answer> {
    return exchangeOver(this.#pool, request, signal);
  }

  /** Over a connection of its own: tells a lost keep-alive race from a server that lets go. */
  async sendAfresh(request: WireRequest, signal: AbortSignal): Promise<Answer> {
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
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
}

async function exchangeOver(
  pool: Pool,
  { method, path, headers, body }: WireRequest,
  signal: AbortSignal,
): Promise<Answer> {
  let started = false;
  const limit = limited(signal);
  try {
    const reply = await pool.request({
      method,
      path,
      headers: headers.flat(),
      body: body ?? null,
      responseHeaders: 'raw',
      signal: limit.signal,
    });
    started = true;
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
    return limit.signal.aborted
      ? { kind: 'failure', reason: 'timeout', detail: 'no end of the answer' }
      : failure(error, started);
  } finally {
    limit.lift();
  }
}

/**
 * A signal that also aborts when an answer takes too long as a whole. Not AbortSignal.timeout: that keeps what it was
 * given to until its time is over, and at thousands of requests a second that is hundreds of megabytes.
 */
function limited(signal: AbortSignal): { readonly signal: AbortSignal; lift(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, WHOLE_TIMEOUT_MS);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    lift() {
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

/** Undoes the announced coding. @throws {Error} of zlib where the body is not coded as announced */
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

function failure(error: unknown, started: boolean): HttpFailure {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const reason =
    reasons[code] ??
    (isUntrusted(code) ? 'refused' : undefined) ??
    (isMalformed(code) ? 'malformed' : started ? 'cut' : 'reset');
  return { kind: 'failure', reason, detail: message };
}

function isMalformed(code: string): boolean {
  return code.startsWith('HPE_') || code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}

/** There is something, and no secure connection to it: that says nothing of the service. */
function isUntrusted(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/.test(code);
}
