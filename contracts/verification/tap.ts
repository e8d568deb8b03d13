import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { operationOf, type Asked, type CellNote, type Expectation, type HeaderLine } from '../index.ts';
import { stepBody, type Authorization, type Send, type Sent, type Step } from '../target/index.ts';
import { GARBAGE } from './reach-state.ts';

/** What the verifier is about to send, and where it is to go. */
export interface Expected {
  readonly expectation: Expectation;
  readonly caller: string;
  readonly id: string;
  readonly cell?: CellNote;
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
  /** Is told what kept the tap from asking the target: the verifier only sees a 422. */
  readonly onTrouble: (error: unknown) => void;
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

  async function answerState(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = JSON.parse((await bytes(request)).toString('utf8')) as {
      params: { interaction: number };
    };
    current = undefined; // whatever comes now does not belong to the interaction before
    const expected = await prepare(params.interaction);
    current = { interaction: params.interaction, expected };
    reply(response, 200, { id: expected.id, token: expected.caller });
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (current === undefined) return reply(response, 422, { error: 'no interaction was prepared' });
    const step = await stepOf(request, current.expected);
    const sent = await send(step);
    onExchange(current.interaction, { step, sent });
    giveBack(sent, response);
  }

  const server = createServer((request, response) => {
    const handled = request.url === STATE_PATH ? answerState(request, response) : forward(request, response);
    // 422 and not 5xx: Pact repeats a state change that fails with 5xx for two minutes.
    handled.catch((error: unknown) => {
      onTrouble(error);
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

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Belongs to the connection between verifier and tap, or is put there by the sender. */
const NOT_FORWARDED =
  /^(host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|authorization)$/i;

async function stepOf(request: IncomingMessage, { caller, expectation, cell }: Expected): Promise<Step> {
  const body = await bytes(request);
  const { method = '', url: path = '', rawHeaders } = request;
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
  const authorization =
    request.headers.authorization === undefined ? ({ kind: 'none' } as const) : tokenOf(caller);
  return { method, path, headers, authorization, asked, ...(body.length > 0 && { body: stepBody(body) }) };
}

function tokenOf(caller: string): Authorization {
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
    if (!/^(connection|keep-alive|content-length|transfer-encoding|content-encoding)$/i.test(name)) {
      response.appendHeader(name, value);
    }
  }
  response.end(body.kind === 'bytes' ? body.bytes : undefined);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
