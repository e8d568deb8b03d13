import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import {
  INVALID_TOKEN,
  isSafeMethod,
  managedClientIn,
  NO_TOKEN,
  operationOf,
  pathOf,
  type Expectation,
  type HeaderLine,
  type MutationInfo,
} from '../../core/index.ts';
import {
  requestBody,
  type Authorization,
  type RequestSpec,
  type Send,
  type SendResult,
} from '../../core/client/index.ts';
import { listenOnLoopback } from '../../core/node/index.ts';

/** The request that the verifier will send next. */
export interface PreparedInteraction {
  readonly expectation: Expectation;
  readonly caller: string;
  /** Undefined leaves the managed client of the pact. */
  readonly id: string | undefined;
  readonly mutation?: MutationInfo;
  /** Sends the request instead of the sender of the proxy. */
  readonly send?: Send;
  /** Further values of the state, for generators in the pact. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** A request that went through the proxy, or was sent to set up a state. */
export interface SentRequest {
  readonly spec: RequestSpec;
  readonly result: SendResult;
}

export interface VerifierProxyOptions {
  readonly send: Send;
  /** Precedes the path of each request. */
  readonly basePath: string;
  /** Replaces headers of the same names. */
  readonly headers: readonly HeaderLine[];
  /** Whether a request without a state may write to a managed client. */
  readonly mayWriteTo: (id: string) => boolean;
  /** Prepares an interaction by its number. Rejects if its state cannot be set up. */
  readonly prepare: (interaction: number) => Promise<PreparedInteraction>;
  readonly onSent: (interaction: number, sent: SentRequest) => void;
  /** Receives the error if a request could not be sent. The verifier sees only a 422. */
  readonly onError: (interaction: number, error: unknown) => void;
}

export interface VerifierProxy {
  readonly url: string;
  readonly stateUrl: string;
  close(): Promise<void>;
}

const STATE_PATH = '/_mch/state';

/** The verifier sends one before and one after each interaction. */
interface StateChangeRequest {
  readonly action: 'setup' | 'teardown';
  readonly params: { readonly interaction: number };
}

/**
 * Starts a local reverse proxy between Pact's verifier and the target. The verifier knows callers only by name; the sender
 * of the proxy adds tokens, throttles and retries, and every exchange can be judged. The verifier verifies one
 * interaction at a time, so requests belong to the last prepared interaction.
 */
export async function startVerifierProxy(options: VerifierProxyOptions): Promise<VerifierProxy> {
  const { send, prepare, onSent, onError } = options;
  let current: { readonly interaction: number; readonly prepared: PreparedInteraction } | undefined;
  let lastInteraction = -1;
  // Requests are handled one after the other, even if the verifier has given up on the previous one.
  let previous: Promise<unknown> = Promise.resolve();

  async function answerState(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { action, params } = JSON.parse((await buffer(request)).toString('utf8')) as StateChangeRequest;
    current = undefined; // a request that comes now does not belong to the previous interaction
    if (action === 'teardown') return reply(response, 200, {});
    lastInteraction = params.interaction;
    const prepared = await prepare(params.interaction);
    current = { interaction: params.interaction, prepared };
    const id = prepared.id === undefined ? {} : { id: prepared.id };
    reply(response, 200, { ...prepared.values, ...id, token: prepared.caller });
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const own = current;
    if (own === undefined) return reply(response, 422, { error: 'no interaction was prepared' });
    const spec = await specOf(request, own.prepared, options);
    const result = await (own.prepared.send ?? send)(spec);
    onSent(own.interaction, { spec, result });
    respond(result, response);
  }

  const server = await listenOnLoopback(
    createServer((request, response) => {
      const handle = request.url === STATE_PATH ? answerState : forward;
      previous = previous
        .then(() => handle(request, response))
        .catch((error: unknown) => {
          onError(lastInteraction, error);
          // Pact would repeat a state change that fails with 5xx for two minutes.
          reply(response, 422, {
            error: 'The harness could not send this request; its report has the reason.',
          });
        });
    }),
  );
  return { url: server.url, stateUrl: `${server.url}${STATE_PATH}`, close: server.close };
}

/** Headers of the connection to the proxy, and headers that the sender sets. */
const NOT_FORWARDED =
  /^(host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|authorization)$/i;

async function specOf(
  request: IncomingMessage,
  prepared: PreparedInteraction,
  { basePath, headers: added, mayWriteTo }: VerifierProxyOptions,
): Promise<RequestSpec> {
  const { caller, expectation, mutation } = prepared;
  const body = await buffer(request);
  const { method = '', url = '', rawHeaders } = request;
  const path = pathFor(method, `${basePath}${url}`, prepared);
  // A generator of the pact may have changed the id that was planned.
  const isForeign = prepared.id === undefined && !isSafeMethod(method) && !mayWriteTo(managedClientIn(path));
  if (isForeign) throw new Error(`it has no state and would write to ${managedClientIn(path)}`);
  const replaced = added.map(([name]) => name.toLowerCase());
  const headers: HeaderLine[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!NOT_FORWARDED.test(name) && !replaced.includes(name.toLowerCase())) headers.push([name, value]);
  }
  return {
    method,
    path,
    headers: [...headers, ...added],
    authorization: authorizationFor(caller, request.headers.authorization),
    intent: { operation: operationOf(method, path), expectation, ...(mutation && { mutation }) },
    ...(body.length > 0 && { body: requestBody(body) }),
  };
}

/** Inserts the managed client of the state. Only requests of the API are sent, whatever a generator made of the path. */
function pathFor(method: string, url: string, { id }: PreparedInteraction): string {
  const operation = operationOf(method, url);
  if (operation === undefined) throw new Error(`the API has no ${method} ${url}`);
  if (id === undefined) return url;
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return `${pathOf(operation, id)}${query}`;
}

/** @param inPact the Authorization header of the pact, used as it is if the interaction has no token of a principal */
function authorizationFor(caller: string, inPact: string | undefined): Authorization {
  if (caller === NO_TOKEN)
    return inPact === undefined ? { kind: 'none' } : { kind: 'literal', value: inPact };
  return caller === INVALID_TOKEN
    ? { kind: 'literal', value: 'Bearer not-a-token' }
    : { kind: 'token', of: caller };
}

/** The verifier would follow a redirect and report on its target, so Location is not forwarded. */
const NOT_RETURNED = /^(connection|keep-alive|content-length|transfer-encoding|content-encoding|location)$/i;

function respond({ exchange: { answer } }: SendResult, response: ServerResponse): void {
  if (answer.kind === 'failure') {
    // The verifier waits for minutes if a connection breaks. The judge has seen the failure itself.
    reply(response, 502, { error: `${answer.reason}: ${answer.detail}` });
    return;
  }
  const { status, headers, body } = answer;
  response.statusCode = status;
  for (const [index, [name, value]] of headers.entries()) {
    // Pact joins repeated lines. A value that is repeated identically is judged, but breaks no contract.
    const isRepeated = headers
      .slice(0, index)
      .some(([other, same]) => isSameName(other, name) && same === value);
    if (!NOT_RETURNED.test(name) && !isRepeated) response.appendHeader(name, value);
  }
  response.end(body.kind === 'bytes' ? body.bytes : undefined);
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
