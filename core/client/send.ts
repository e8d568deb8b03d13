import { setTimeout as wait } from 'node:timers/promises';

import {
  headerValue,
  placeholder,
  parseRetryAfter,
  type Exchange,
  type HeaderLine,
  type HttpResponse,
} from '../index.ts';
import { callerOf, formOf, nameOf, show, type Shown } from './authorization.ts';
import { permissionFor, type Guard } from './permissions.ts';
import type { Budget } from './budget.ts';
import type { Pacer } from './throttle.ts';
import { bytesOf, exchangeBody, type Step } from './request-spec.ts';
import type { TokenBook } from './tokens.ts';
import type { Transport, WireRequest } from './transport.ts';

/** What sending a step gave: the exchange that counts, and those passed over on the way, which are judged as well. */
export interface Sent {
  readonly exchange: Exchange;
  readonly passedOver: readonly Exchange[];
  /** The exchange in which a valid token was refused, where a new one was served. */
  readonly refused?: Exchange;
}

/** Sends one step. Rejects only for what is no answer of the target: abort, guard, budget, token endpoint. */
export type Send = (step: Step) => Promise<Sent>;

export interface SenderOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly tokens: TokenBook;
  readonly guard: Guard;
  readonly pace: Pacer;
  readonly budget: Budget;
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
  const { origin, pathname } = new URL(options.baseUrl);
  const base: Base = { origin, prefix: pathname.replace(/\/$/, '') };

  /** Sends until an answer stands. The token is fetched each time: a long wait must not outlive it. */
  async function sendPatiently(step: Step): Promise<Attempt[]> {
    const seen: Attempt[] = [];
    for (;;) {
      signal.throwIfAborted();
      seen.push(await sendOnce(options, base, step));
      const pause = pauseBeforeNext(seen, step);
      if (pause === undefined) return seen;
      await wait(pause, undefined, { signal });
    }
  }

  return async (step) => {
    const caller = callerOf(step.authorization);
    const first = await sendPatiently(step);
    const last = first.at(-1);
    const mayRenew = caller !== undefined && tokens.canRefresh(caller);
    if (last === undefined || !isRefusal(last, step) || !mayRenew) return sent(first);
    const wasAlive = await tokens.isAlive(caller, last.token);
    await tokens.renew(caller, last.token);
    const second = await sendPatiently(step);
    const isSporadic = wasAlive && !isRefusal(second.at(-1), step);
    return { ...sent([...first, ...second]), ...(isSporadic && { refused: last.exchange }) };
  };
}

interface Attempt {
  readonly exchange: Exchange;
  readonly token: string;
}

function sent(attempts: readonly Attempt[]): Sent {
  const exchanges = attempts.map(({ exchange }) => exchange);
  const exchange = exchanges.at(-1);
  if (exchange === undefined) throw new Error('nothing was sent');
  return { exchange, passedOver: exchanges.slice(0, -1) };
}

const ASKS_FOR_REFUSAL: readonly string[] = ['unauthorized', 'forbidden'];
const ASKS_FOR_LIMIT: readonly string[] = ['limited', 'accept-or-limited'];

/** A 401 although the step shows a valid token and does not ask about it. */
function isRefusal(attempt: Attempt | undefined, { authorization, asked }: Step): boolean {
  const answer = attempt?.exchange.answer;
  const isPlain = authorization.kind === 'token' && !ASKS_FOR_REFUSAL.includes(asked.expectation);
  return isPlain && answer?.kind === 'response' && answer.status === 401;
}

/** Milliseconds to wait before the step is sent again, undefined where the last answer stands. */
function pauseBeforeNext(seen: readonly Attempt[], { asked }: Step): number | undefined {
  const answer = seen.at(-1)?.exchange.answer;
  if (answer?.kind !== 'response') return undefined;
  if (answer.status === 429 && !ASKS_FOR_LIMIT.includes(asked.expectation)) {
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

/** Where requests go: paths stand behind the prefix as they are. */
interface Base {
  readonly origin: string;
  readonly prefix: string;
}

async function sendOnce(options: SenderOptions, { origin, prefix }: Base, step: Step): Promise<Attempt> {
  const { guard, tokens, now, pace, budget, signal } = options;
  const { authorization } = step;
  const caller = callerOf(authorization);
  const name = placeholder(nameOf(authorization), 'token');
  guard.ask(permissionFor(step.method));
  await pace(caller ?? 'nobody', signal);
  budget.take();
  const token = caller === undefined ? '' : await tokens.token(caller);
  const form = formOf(authorization, token);
  if (form !== token) tokens.hide(form, name);
  const { path, headers } = headOf(step, show(step, form, encodeURIComponent), prefix);
  const body = bytesOf(step.body);
  const sentAt = now();
  const answer = await deliver(options, step, { method: step.method, path, headers, ...(body && { body }) });
  const shown = headOf(step, show(step, name, String), prefix);
  const request = {
    method: step.method,
    url: `${origin}${shown.path}`,
    headers: shown.headers,
    body: exchangeBody(step.body),
  };
  return { exchange: { request, answer: masked(answer, tokens), sentAt, receivedAt: now() }, token };
}

/** Where nothing came back at all, perhaps the server closed an idle connection just then: asked once more, afresh. */
async function deliver(options: SenderOptions, step: Step, wire: WireRequest): Promise<Exchange['answer']> {
  const { transport, guard, pace, budget, signal } = options;
  const answer = await transport.send(wire, signal);
  if (answer.kind !== 'failure' || answer.reason !== 'reset') return answer;
  guard.ask(permissionFor(step.method));
  await pace(callerOf(step.authorization) ?? 'nobody', signal);
  budget.take();
  return transport.sendAfresh(wire, signal);
}

function headOf(step: Step, { path, header }: Shown, prefix: string): Pick<WireRequest, 'path' | 'headers'> {
  const own: HeaderLine[] = header === undefined ? [] : [['Authorization', header]];
  return { path: prefix + path, headers: [...own, ...step.headers] };
}

/** A token that came back in an answer is replaced here, at the source; the judge knows the placeholder for a leak. */
function masked(answer: Exchange['answer'], tokens: TokenBook): Exchange['answer'] {
  if (answer.kind === 'failure') return { ...answer, detail: tokens.mask(answer.detail) };
  const headers = answer.headers.map(([name, value]): HeaderLine => [name, tokens.mask(value)]);
  if (answer.body.kind !== 'bytes') return { ...answer, headers };
  const { buffer, byteOffset, byteLength } = answer.body.bytes;
  const latin1 = Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
  const clean = tokens.mask(latin1);
  const body =
    clean === latin1 ? answer.body : { ...answer.body, bytes: new Uint8Array(Buffer.from(clean, 'latin1')) };
  return { ...answer, headers, body };
}
