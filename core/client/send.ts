import { placeholder, type Exchange, type HeaderLine } from '../index.ts';
import { authorize, callerOf, mutateToken, tokenName, type AuthorizedRequest } from './authorization.ts';
import type { Budget } from './budget.ts';
import { permissionFor, type Permissions } from './permissions.ts';
import { bytesOf, exchangeBody, type RequestSpec } from './request-spec.ts';
import { isConnectionBroken, isTokenRejected, pauseBeforeRetry } from './retry-policy.ts';
import type { Throttle, Timer } from './throttle.ts';
import type { TokenStore } from './token-store.ts';
import type { Transport, WireRequest } from './transport.ts';
import type { Watchdog } from './watchdog.ts';

export interface SendResult {
  /** The final exchange. */
  readonly exchange: Exchange;
  /** Earlier exchanges of the same request, which were retried. They are judged as well. */
  readonly retried: readonly Exchange[];
  /** The exchange in which a valid token was rejected, if a new token was accepted. */
  readonly sporadic401?: Exchange;
  /** Number of requests sent. */
  readonly requests: number;
}

/**
 * Sends a request and retries it according to the retry policy. A failure of the target is a result.
 * @throws if the run is aborted, the request is not permitted, the budget is spent, or there is no token
 */
export type Send = (spec: RequestSpec) => Promise<SendResult>;

export interface SenderOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly tokens: TokenStore;
  readonly permissions: Permissions;
  readonly throttle: Throttle;
  readonly budget: Budget;
  readonly timer: Timer;
  readonly signal: AbortSignal;
  /** Ends the run if the target stops answering. Undefined never does. */
  readonly watchdog?: Watchdog;
}

/** Creates the sender that preflight, property layer, verifier proxy and replay use. */
export function createSender(options: SenderOptions): Send {
  const { tokens, timer, signal } = options;
  const { origin, pathname } = new URL(options.baseUrl);
  const base: Base = { origin, prefix: pathname.replace(/\/$/, '') };

  /** Fetches the token for each attempt, because it may expire during a long wait. */
  async function sendWithRetries(spec: RequestSpec): Promise<Attempts> {
    const earlier: SendAttempt[] = [];
    for (;;) {
      signal.throwIfAborted();
      const last = await sendOnce(options, base, spec);
      const pause = pauseBeforeRetry(last.exchange.answer, earlier.length + 1, spec);
      if (pause === undefined) return { earlier, last };
      earlier.push(last);
      options.budget.requireTime(pause);
      await timer.wait(pause, signal);
    }
  }

  return async (spec) => {
    const caller = callerOf(spec.authorization);
    const first = await sendWithRetries(spec);
    const { exchange: rejected, token } = first.last;
    const canRenew = caller !== undefined && tokens.canRenew(caller);
    if (!canRenew || !isTokenRejected(rejected.answer, spec)) return resultOf(first);
    const wasValid = await tokens.isAlive(caller, token);
    await tokens.renew(caller, token);
    const second = await sendWithRetries(spec);
    const isSporadic = wasValid && !isTokenRejected(second.last.exchange.answer, spec);
    const earlier = [...first.earlier, first.last, ...second.earlier];
    return { ...resultOf({ earlier, last: second.last }), ...(isSporadic && { sporadic401: rejected }) };
  };
}

interface SendAttempt {
  readonly exchange: Exchange;
  readonly token: string;
  readonly requests: number;
}

interface Attempts {
  readonly earlier: readonly SendAttempt[];
  readonly last: SendAttempt;
}

function resultOf({ earlier, last }: Attempts): SendResult {
  return {
    exchange: last.exchange,
    retried: earlier.map(({ exchange }) => exchange),
    requests: [...earlier, last].reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** The parts of the base URL. Paths are appended to the prefix without normalization. */
interface Base {
  readonly origin: string;
  readonly prefix: string;
}

async function sendOnce(
  options: SenderOptions,
  { origin, prefix }: Base,
  spec: RequestSpec,
): Promise<SendAttempt> {
  const { tokens, timer } = options;
  const { authorization, method } = spec;
  const caller = callerOf(authorization);
  const name = (form?: string): string => placeholder(tokenName(authorization), 'token', form);
  await admit(options, spec);
  const token = caller === undefined ? '' : await tokens.token(caller);
  const mutated = mutateToken(authorization, token);
  if (mutated !== token) tokens.addMutatedToken(mutated, name);
  const { path, headers } = headOf(spec, authorize(spec, mutated, encodeURIComponent), prefix);
  const body = bytesOf(spec.body);
  const sentAt = timer.now();
  const { answer, requests } = await deliver(options, spec, { method, path, headers, ...(body && { body }) });
  const receivedAt = timer.now();
  const shown = headOf(spec, authorize(spec, name(), String), prefix);
  const request = {
    method,
    url: `${origin}${shown.path}`,
    headers: shown.headers,
    body: exchangeBody(spec.body),
  };
  return { exchange: { request, answer: masked(answer, tokens), sentAt, receivedAt }, token, requests };
}

/** Checks the permission, waits for the throttle and books the request. */
async function admit(
  { permissions, throttle, budget, signal, watchdog }: SenderOptions,
  spec: RequestSpec,
): Promise<void> {
  permissions.require(permissionFor(spec.method));
  watchdog?.requireTarget();
  await throttle(callerOf(spec.authorization) ?? 'nobody', signal);
  budget.take();
}

async function deliver(
  options: SenderOptions,
  spec: RequestSpec,
  request: WireRequest,
): Promise<{ answer: Exchange['answer']; requests: number }> {
  const { transport, signal, watchdog } = options;
  const answer = await transport.send(request, signal);
  await watchdog?.observe(answer);
  if (!isConnectionBroken(answer)) return { answer, requests: 1 };
  await admit(options, spec);
  return { answer: await transport.sendOnNewConnection(request, signal), requests: 2 };
}

function headOf(
  spec: RequestSpec,
  { path, header }: AuthorizedRequest,
  prefix: string,
): Pick<WireRequest, 'path' | 'headers'> {
  const authorization: HeaderLine[] = header === undefined ? [] : [['Authorization', header]];
  return { path: prefix + path, headers: [...authorization, ...spec.headers] };
}

/** Replaces tokens in a response by placeholders. The rule for leaks recognizes the placeholders. */
function masked(answer: Exchange['answer'], tokens: TokenStore): Exchange['answer'] {
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
