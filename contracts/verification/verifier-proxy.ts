import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import {
  GARBAGE,
  NOBODY,
  operationOf,
  pathOf,
  type Asked,
  type CellNote,
  type Expectation,
  type HeaderLine,
} from '../../core/index.ts';
import { stepBody, type Authorization, type Send, type Sent, type Step } from '../../core/client/index.ts';

/** What the verifier is about to send, and where it is to go. */
export interface Expected {
  readonly expectation: Expectation;
  readonly caller: string;
  readonly id: string;
  readonly cell?: CellNote;
  /** Further values that the state gave, for what a pact leaves to it. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** An exchange that went through the tap. */
export interface Tapped {
  readonly step: Step;
  readonly sent: Sent;
}

export interface TapOptions {
  readonly send: Send;
  /** Prepares the numbered interaction; its rejection is a state that could not be reached. */
  readonly prepare: (interaction: number) => Promise<Expected>;
  readonly onExchange: (interaction: number, tapped: Tapped) => void;
  /** Is told what kept the tap from asking the target for an interaction: the verifier only sees a 422. */
  readonly onTrouble: (interaction: number, error: unknown) => void;
}

export interface Tap {
  readonly url: string;
  readonly stateUrl: string;
  close(): Promise<void>;
}

const STATE_PATH = '/_mch/state';

/**
 * Starts a local reverse proxy between Pact's verifier and the target. The verifier knows callers by name only:
 * tokens, pace, guard and patience are those of the sender, and every exchange can be judged.
 * Pact verifies one interaction after the other, so the last prepared one is the one under way.
 */
export async function openTap({ send, prepare, onExchange, onTrouble }: TapOptions): Promise<Tap> {
  let current: { readonly interaction: number; readonly expected: Expected } | undefined;
  let last = -1;
  // One after the other, even where the verifier has lost its patience with the one before.
  let before: Promise<unknown> = Promise.resolve();

  async function answerState(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = JSON.parse((await buffer(request)).toString('utf8')) as {
      params: { interaction: number };
    };
    last = params.interaction;
    current = undefined; // whatever comes now does not belong to the interaction before
    const expected = await prepare(params.interaction);
    current = { interaction: params.interaction, expected };
    reply(response, 200, { ...expected.values, id: expected.id, token: expected.caller });
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mine = current;
    if (mine === undefined) return reply(response, 422, { error: 'no interaction was prepared' });
    const step = await stepOf(request, mine.expected);
    const sent = await send(step);
    onExchange(mine.interaction, { step, sent });
    giveBack(sent, response);
  }

  const server = createServer((request, response) => {
    const work = request.url === STATE_PATH ? answerState : forward;
    // 422 and not 5xx: Pact repeats a state change that fails with 5xx for two minutes.
    before = before
      .then(() => work(request, response))
      .catch((error: unknown) => {
        onTrouble(last, error);
        reply(response, 422, { error: 'see the report' });
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    stateUrl: `${url}${STATE_PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Belongs to the connection between verifier and tap, or is put there by the sender. */
const NOT_FORWARDED =
  /^(host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|authorization)$/i;

async function stepOf(request: IncomingMessage, expected: Expected): Promise<Step> {
  const { caller, expectation, cell } = expected;
  const body = await buffer(request);
  const { method = '', url = '', rawHeaders } = request;
  const path = pathFor(method, url, expected);
  const headers: HeaderLine[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!NOT_FORWARDED.test(name)) headers.push([name, value]);
  }
  const asked: Omit<Asked, 'clientKnown'> = {
    operation: operationOf(method, path),
    expectation,
    ...(cell && { cell }),
  };
  const authorization = authorizationFor(caller, request.headers.authorization);
  return { method, path, headers, authorization, asked, ...(body.length > 0 && { body: stepBody(body) }) };
}

/** The managed client is that of the state, also where a pact names another one: no other is written to. */
function pathFor(method: string, url: string, { id }: Expected): string {
  const operation = operationOf(method, url);
  if (operation === undefined) throw new Error(`the API has no ${method} ${url}`);
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return `${pathOf(operation, id)}${query}`;
}

/** The verifier knows callers by name: what they show is put in here. Who has no token shows what the pact says. */
function authorizationFor(caller: string, shown: string | undefined): Authorization {
  if (shown === undefined) return { kind: 'none' };
  if (caller === NOBODY) return { kind: 'literal', value: shown };
  return caller === GARBAGE
    ? { kind: 'literal', value: 'Bearer not-a-token' }
    : { kind: 'token', of: caller };
}

function giveBack({ exchange: { answer } }: Sent, response: ServerResponse): void {
  if (answer.kind === 'failure') {
    // The verifier waits for minutes where a connection breaks; the judge has seen what really happened.
    reply(response, 502, { error: `${answer.reason}: ${answer.detail}` });
    return;
  }
  const { status, headers, body } = answer;
  response.statusCode = status;
  for (const [name, value] of headers) {
    // The verifier would follow a redirect, and speak of what it found there.
    if (!/^(connection|keep-alive|content-length|transfer-encoding|content-encoding|location)$/i.test(name)) {
      response.appendHeader(name, value);
    }
  }
  response.end(body.kind === 'bytes' ? body.bytes : undefined);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
