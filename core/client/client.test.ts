import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from '@jest/globals';

import { Budget, BudgetSpentError } from './budget.ts';
import { createPacer, wallTimer } from './throttle.ts';
import { Guard, isLoopback, NotPermittedError } from './permissions.ts';
import { createSender, type Send } from './send.ts';
import { judgeSent } from './judge-send-result.ts';
import { bytesOf, stepBody, type Authorization, type Step } from './request-spec.ts';
import { TokenBook } from './tokens.ts';
import { Transport } from './transport.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Answer = (
  response: ServerResponse,
  request: { url: string; authorization: string | undefined; count: number },
) => void;

/** A server that answers the token endpoint, and everything else as told. */
async function serve(
  answer: Answer,
  pace = createPacer(undefined, wallTimer),
): Promise<{ send: Send; tokens: TokenBook; guard: Guard; seen: string[] }> {
  const seen: string[] = [];
  let minted = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    const { url = '', headers } = request;
    if (url === '/oauth/token') {
      minted += 1;
      response.end(JSON.stringify({ access_token: `the-token-${minted}`, expires_in: 749 }));
      return;
    }
    seen.push(`${request.method} ${url}`);
    answer(response, { url, authorization: headers.authorization, count: seen.length });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const user = { kind: 'credentials', clientId: 'id', clientSecret: 'very-secret' } as const;
  const tokens = new TokenBook({ user }, `${baseUrl}/oauth/token`, Date.now);
  const guard = new Guard(['read']);
  const transport = new Transport(baseUrl, 2);
  const signal = new AbortController().signal;
  open.push({ close: () => transport.close() }, { close: () => server.close() });
  return {
    send: createSender({
      baseUrl,
      transport,
      tokens,
      guard,
      pace,
      budget: new Budget({ requests: undefined, until: undefined }, Date.now),
      now: Date.now,
      signal,
    }),
    tokens,
    guard,
    seen,
  };
}

const step = (more: Partial<Step> = {}): Step => ({
  method: 'GET',
  path: '/beta/managed-clients/a/status?type=CCG',
  headers: [],
  authorization: { kind: 'token', of: 'user' },
  asked: { operation: 'getManagedClientStatus', expectation: 'accept' },
  ...more,
});

describe('the sender', () => {
  test('waits for Retry-After, sends again, and hands over both answers', async () => {
    const { send } = await serve((response, { count }) => {
      if (count === 1) response.writeHead(429, { 'Retry-After': '1' }).end('{}');
      else response.end('{}');
    });
    const { exchange, passedOver } = await send(step());
    expect(exchange.answer).toMatchObject({ status: 200 });
    expect(passedOver.map(({ answer }) => answer)).toMatchObject([{ status: 429 }]);
    expect(exchange.sentAt - (passedOver[0]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('does not wait where 429 is what was asked for', async () => {
    const { send, seen } = await serve((response) =>
      response.writeHead(429, { 'Retry-After': '9' }).end('{}'),
    );
    await send(step({ asked: { operation: 'getManagedClientStatus', expectation: 'limited' } }));
    expect(seen).toHaveLength(1);
  });

  test('asks a gateway three times', async () => {
    const { send, seen } = await serve((response) => response.writeHead(502).end());
    await send(step());
    expect(seen).toHaveLength(3);
  });

  test('renews a refused token once, and says so', async () => {
    const { send } = await serve((response, { authorization }) => {
      response
        .writeHead(authorization === 'Bearer the-token-1' ? 401 : 200, { 'Content-Type': 'application/json' })
        .end('{}');
    });
    const sent = await send(step());
    expect(sent.refused?.answer).toMatchObject({ status: 401 });
    const codes = judgeSent(step(), sent).flatMap(({ judgement }) =>
      judgement.violations.map(({ code }) => code),
    );
    expect(codes).toContain('auth.sporadic-401');
  });

  test('tries a connection that broke once more, on one of its own', async () => {
    const { send, seen } = await serve((response, { count }) =>
      count === 1 ? response.destroy() : response.end('{}'),
    );
    expect((await send(step())).exchange.answer).toMatchObject({ kind: 'response' });
    expect(seen).toHaveLength(2);
  });

  test('tells an answer that was cut, and one that is coded otherwise than it says', async () => {
    const cut = await serve((response) =>
      response.writeHead(200, { 'Content-Length': 9 }).write('{', () => response.destroy()),
    );
    expect((await cut.send(step())).exchange.answer).toMatchObject({ kind: 'failure', reason: 'cut' });
    const coded = await serve((response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('plain'),
    );
    expect((await coded.send(step())).exchange.answer).toMatchObject({
      kind: 'failure',
      reason: 'malformed',
    });
  });

  test('tells a port where nobody listens', async () => {
    const transport = new Transport('http://127.0.0.1:1', 1);
    expect(
      await transport.send({ method: 'GET', path: '/', headers: [] }, new AbortController().signal),
    ).toMatchObject({
      reason: 'refused',
    });
    await transport.close();
  });

  test('keeps paths and repeated header lines as they are', async () => {
    const { send, seen } = await serve((response) => {
      response.setHeader('Retry-After', ['5', '7']);
      response.end('{}');
    });
    const { exchange } = await send(step({ path: '/a/../%zz/..%2fb?type=%zz' }));
    expect(seen).toEqual(['GET /a/../%zz/..%2fb?type=%zz']);
    const lines = exchange.answer.kind === 'response' ? exchange.answer.headers : [];
    expect(lines.filter(([name]) => name === 'Retry-After')).toEqual([
      ['Retry-After', '5'],
      ['Retry-After', '7'],
    ]);
  });

  test.each<[string, Authorization]>([
    ['a token', { kind: 'token', of: 'user' }],
    ['a token without a signature', { kind: 'bent', of: 'user', how: 'unsigned' }],
    ['a token in the query', { kind: 'bent', of: 'user', how: 'in-query' }],
  ])('never shows %s, even if it comes back', async (_, authorization) => {
    const { send } = await serve((response, { url, authorization: header }) => {
      response.end(JSON.stringify({ echo: `${header ?? ''} ${decodeURIComponent(url)} the-token-1` }));
    });
    const sent = await send(step({ authorization }));
    expect(
      JSON.stringify(sent, (__, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      ),
    ).not.toContain('the-token-1');
  });

  test('asks the guard before anything leaves', async () => {
    const { send, seen, guard } = await serve((response) => response.end('{}'));
    await expect(send(step({ method: 'POST' }))).rejects.toThrow(NotPermittedError);
    expect([seen, guard.allows('write')]).toEqual([[], false]);
  });
});

describe('tokens', () => {
  test('are minted once for all who ask at the same time, and taken out of texts', async () => {
    const { tokens } = await serve((response) => response.end());
    expect(await Promise.all([tokens.token('user'), tokens.token('user')])).toEqual([
      'the-token-1',
      'the-token-1',
    ]);
    expect(tokens.mask('x the-token-1 very-secret')).toBe('x <user token> <user secret>');
  });

  test('that nobody can give are refused with the name of the principal', async () => {
    const { tokens } = await serve((response) => response.end());
    await expect(tokens.token('reader')).rejects.toThrow('no token for reader');
  });
});

test('the pace holds in every window, for each key', async () => {
  const sentAt: Record<string, number[]> = { a: [], b: [] };
  let key = 'a';
  const timer = {
    now: () => 0,
    wait: (milliseconds: number) => Promise.resolve(sentAt[key]?.push(milliseconds)),
  };
  const pace = createPacer({ limit: 5, windowMs: 100 }, timer);
  const { signal } = new AbortController();
  for (let request = 0; request < 14; request++) await pace('a', signal);
  key = 'b';
  for (let request = 0; request < 6; request++) await pace('b', signal);
  // Five leave at once, the others wait: never more than five within any hundred milliseconds.
  expect(sentAt).toEqual({ a: [100, 100, 100, 100, 100, 200, 200, 200, 200], b: [100] });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['localhost', true],
  ['[::1]', true],
  ['127.0.0.1.example.com', false],
  ['0.0.0.0', false],
  ['192.168.0.1', false],
  ['localhost.example.com', false],
])('%s is this machine: %p', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected);
});

test('bytes survive as JSON data', () => {
  for (const bytes of [Buffer.from('{"ä":1}'), Buffer.from([255, 0, 128])]) {
    const stored = JSON.parse(JSON.stringify(stepBody(bytes))) as ReturnType<typeof stepBody>;
    expect(Buffer.from(bytesOf(stored) ?? [])).toEqual(bytes);
  }
});

test('a budget leaves what comes afterwards', () => {
  const budget = new Budget({ requests: 10, until: 100 }, () => 50);
  const afterwards = (requests: number, durationMs: number) => ({ requests, durationMs });
  expect(budget.isLeft(afterwards(9, 49))).toBe(true);
  expect(budget.isLeft(afterwards(10, 0))).toBe(false);
  expect(budget.isLeft(afterwards(0, 50))).toBe(false);
  // What cannot be stopped under way is not begun.
  expect(() => budget.take(1, 50)).toThrow('the time of the run is over');
  expect(new Budget({ requests: undefined, until: undefined }, () => 0).isLeft(afterwards(0, 0))).toBe(false);
});

test('a budget is held to the request, and to the instant', () => {
  let now = 0;
  const budget = new Budget({ requests: 3, until: 100 }, () => now);
  budget.take(2);
  expect(() => budget.take(2)).toThrow(BudgetSpentError);
  budget.take();
  expect(() => budget.take()).toThrow('the budget of 3 requests is spent');
  const timed = new Budget({ requests: undefined, until: 100 }, () => now);
  timed.take(1000);
  now = 100;
  expect(() => timed.take()).toThrow('the time of the run is over');
});
