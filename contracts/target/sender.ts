import { setTimeout as wait } from 'node:timers/promises';

import {
  headerValue,
  placeholder,
  parseRetryAfter,
  type Exchange,
  type HeaderLine,
  type HttpResponse,
} from '../index.ts';
import { callerOf, show } from './authorize.ts';
import { permissionFor, type Guard } from './guard.ts';
import type { Pacer } from './pace.ts';
import { bytesOf, exchangeBody, type Step } from './step.ts';
import type { TokenBook } from './tokens.ts';
import type { Transport, WireRequest } from './transport.ts';

/** What sending a step gave: the exchange that counts, and those passed over on the way, which are judged as well. */
export interface Sent {
  readonly exchange: Exchange;
  readonly passedOver: readonly Exchange[];
  /** The exchange in which a valid token was refused, where a new one was served. */
  readonly refused?: Exchange;
}

/** Sends one step. Rejects only for what is no answer of the target: abort, guard, token endpoint. */
export type Send = (step: Step) => Promise<Sent>;

export interface SenderOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly tokens: TokenBook;
  readonly guard: Guard;
  readonly pace: Pacer;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const GATEWAY = [408, 502, 503, 504];
const GATEWAY_TRIES = 3;
const RATE_LIMIT_TRIES = 4;
const LONGEST_WAIT_S = 30;
const GATEWAY_PAUSE_MS = 200;

/** Makes the sender that preflight, fuzzer, tap and replay share: paced, patient with 429, and honest about both. */
export function createSender(options: SenderOptions): Send {
  const { tokens, signal } = options;

  async function sendWith(step: Step, token: string): Promise<Exchange[]> {
    const seen: Exchange[] = [];
    for (;;) {
      signal.throwIfAborted();
      const exchange = await sendOnce(options, step, token);
      seen.push(exchange);
      const pause = pauseBeforeNext(seen, step);
      if (pause === undefined) return seen;
      await wait(pause, undefined, { signal });
    }
  }

  return async (step) => {
    const caller = callerOf(step.authorization);
    const token = caller === undefined ? '' : await tokens.token(caller);
    const first = await sendWith(step, token);
    const refusal = first.at(-1);
    const mayRenew = caller !== undefined && tokens.canRefresh(caller);
    if (!isRefusal(refusal, step) || !mayRenew) return sent(first);
    const second = await sendWith(step, await tokens.renew(caller, token));
    return {
      ...sent([...first, ...second]),
      ...(!isRefusal(second.at(-1), step) && refusal && { refused: refusal }),
    };
  };
}

function sent(exchanges: readonly Exchange[]): Sent {
  const exchange = exchanges.at(-1);
  if (exchange === undefined) throw new Error('nothing was sent');
  return { exchange, passedOver: exchanges.slice(0, -1) };
}

const ASKS_FOR_REFUSAL: readonly string[] = ['unauthorized', 'forbidden'];

/** A 401 although the step shows a valid token and does not ask about it. */
function isRefusal(exchange: Exchange | undefined, { authorization, asked }: Step): boolean {
  const isPlain = authorization.kind === 'token' && !ASKS_FOR_REFUSAL.includes(asked.expectation);
  return isPlain && exchange?.answer.kind === 'response' && exchange.answer.status === 401;
}

/** Milliseconds to wait before the step is sent again, undefined where the last answer stands. */
function pauseBeforeNext(seen: readonly Exchange[], { asked }: Step): number | undefined {
  const answer = seen.at(-1)?.answer;
  if (answer?.kind !== 'response') return undefined;
  if (answer.status === 429 && asked.expectation !== 'limited') {
    return seen.length < RATE_LIMIT_TRIES ? waitOf(answer) : undefined;
  }
  const isGateway = GATEWAY.includes(answer.status) && asked.expectation !== 'failing';
  return isGateway && seen.length < GATEWAY_TRIES ? GATEWAY_PAUSE_MS * seen.length : undefined;
}

function waitOf({ headers }: HttpResponse): number {
  const value = headerValue(headers, 'retry-after') ?? '';
  const seconds = parseRetryAfter(value, headerValue(headers, 'date'))?.seconds ?? 1;
  return Math.min(Math.max(seconds, 0), LONGEST_WAIT_S) * 1000 + 20;
}

async function sendOnce(options: SenderOptions, step: Step, token: string): Promise<Exchange> {
  const { baseUrl, transport, tokens, guard, pace, now, signal } = options;
  const caller = callerOf(step.authorization);
  guard.ask(permissionFor(step.method));
  await pace(caller ?? 'nobody', signal);
  const base = new URL(baseUrl);
  const wire = wireRequest(step, token, base.pathname.replace(/\/$/, ''));
  const sentAt = now();
  let answer = await transport.send(wire);
  // Nothing came back at all: perhaps the server closed an idle connection just then.
  if (answer.kind === 'failure' && answer.reason === 'reset') answer = await transport.sendAfresh(wire);
  const shown = wireRequest(step, placeholder(caller ?? 'no', 'token'), base.pathname.replace(/\/$/, ''));
  return {
    request: {
      method: step.method,
      url: `${base.origin}${shown.path}`,
      headers: shown.headers,
      body: exchangeBody(step.body),
    },
    answer: masked(answer, tokens),
    sentAt,
    receivedAt: now(),
  };
}

function wireRequest(step: Step, token: string, prefix: string): WireRequest {
  const { path, header } = show(step, token);
  const own: HeaderLine[] = header === undefined ? [] : [['Authorization', header]];
  const body = bytesOf(step.body);
  return {
    method: step.method,
    path: prefix + path,
    headers: [...own, ...step.headers],
    ...(body && { body }),
  };
}

/** A token that came back in an answer is replaced here, at the source; the judge knows the placeholder for a leak. */
function masked(answer: Exchange['answer'], tokens: TokenBook): Exchange['answer'] {
  if (answer.kind === 'failure') return { ...answer, detail: tokens.mask(answer.detail) };
  const headers = answer.headers.map(([name, value]): HeaderLine => [name, tokens.mask(value)]);
  if (answer.body.kind !== 'bytes') return { ...answer, headers };
  const latin1 = Buffer.from(answer.body.bytes).toString('latin1');
  const clean = tokens.mask(latin1);
  const body =
    clean === latin1 ? answer.body : { ...answer.body, bytes: new Uint8Array(Buffer.from(clean, 'latin1')) };
  return { ...answer, headers, body };
}
