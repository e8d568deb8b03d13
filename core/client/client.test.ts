import { createServer, type ServerResponse } from 'node:http';

import { afterEach, describe, expect, test } from '@jest/globals';

import { listenOnLoopback } from '../node/index.ts';
import { Budget, BudgetSpentError } from './budget.ts';
import { judgeSendResult } from './judge-send-result.ts';
import { NotPermittedError, Permissions } from './permissions.ts';
import { bytesOf, requestBody, type Authorization, type RequestSpec } from './request-spec.ts';
import { createSender, type Send } from './send.ts';
import { createThrottle, systemTimer } from './throttle.ts';
import { TokenStore } from './token-store.ts';
import { Transport } from './transport.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Respond = (
  response: ServerResponse,
  request: { url: string; authorization: string | undefined; count: number },
) => void;

/** A server with a token endpoint. It answers all other requests with `respond`. */
async function serve(
  respond: Respond,
  throttle = createThrottle(undefined, systemTimer),
): Promise<{ send: Send; tokens: TokenStore; permissions: Permissions; seen: string[] }> {
  const seen: string[] = [];
  let minted = 0;
  const server = createServer((request, response) => {
    request.resume();
    const { url = '', headers } = request;
    if (url === '/oauth/token') {
      minted += 1;
      response.end(JSON.stringify({ access_token: `the-token-${minted}`, expires_in: 749 }));
      return;
    }
    seen.push(`${request.method} ${url}`);
    respond(response, { url, authorization: headers.authorization, count: seen.length });
  });
  const { url: baseUrl, close } = await listenOnLoopback(server);
  const user = { kind: 'credentials', clientId: 'id', clientSecret: 'very-secret' } as const;
  const tokens = new TokenStore({ user }, `${baseUrl}/oauth/token`, Date.now);
  const permissions = new Permissions(['read']);
  const transport = new Transport(baseUrl, 2);
  const signal = new AbortController().signal;
  open.push({ close: () => transport.close() }, { close });
  return {
    send: createSender({
      baseUrl,
      transport,
      tokens,
      permissions,
      throttle,
      budget: new Budget({ requests: undefined, until: undefined }, Date.now),
      timer: systemTimer,
      signal,
    }),
    tokens,
    permissions,
    seen,
  };
}

const get = (more: Partial<RequestSpec> = {}): RequestSpec => ({
  method: 'GET',
  path: '/beta/managed-clients/a/status?type=CCG',
  headers: [],
  authorization: { kind: 'token', of: 'user' },
  intent: { operation: 'getManagedClientStatus', expectation: 'accept' },
  ...more,
});

describe('the sender', () => {
  test('retries a 429 after Retry-After and returns both exchanges', async () => {
    const { send } = await serve((response, { count }) => {
      if (count === 1) response.writeHead(429, { 'Retry-After': '1' }).end('{}');
      else response.end('{}');
    });
    const { exchange, retried } = await send(get());
    expect(exchange.answer).toMatchObject({ status: 200 });
    expect(retried.map(({ answer }) => answer)).toMatchObject([{ status: 429 }]);
    expect(exchange.sentAt - (retried[0]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('does not retry an expected 429', async () => {
    const { send, seen } = await serve((response) =>
      response.writeHead(429, { 'Retry-After': '9' }).end('{}'),
    );
    await send(get({ intent: { operation: 'getManagedClientStatus', expectation: 'limited' } }));
    expect(seen).toHaveLength(1);
  });

  test('sends a request up to three times if a gateway fails', async () => {
    const { send, seen } = await serve((response) => response.writeHead(502).end());
    await send(get());
    expect(seen).toHaveLength(3);
  });

  test('renews a rejected token once and reports it', async () => {
    const { send } = await serve((response, { authorization }) => {
      response
        .writeHead(authorization === 'Bearer the-token-1' ? 401 : 200, { 'Content-Type': 'application/json' })
        .end('{}');
    });
    const sent = await send(get());
    expect(sent.sporadic401?.answer).toMatchObject({ status: 401 });
    const codes = judgeSendResult(get(), sent).flatMap(({ judgement }) =>
      judgement.violations.map(({ code }) => code),
    );
    expect(codes).toContain('auth.sporadic-401');
  });

  test('retries a broken connection once, on a new connection', async () => {
    const { send, seen } = await serve((response, { count }) =>
      count === 1 ? response.destroy() : response.end('{}'),
    );
    expect((await send(get())).exchange.answer).toMatchObject({ kind: 'response' });
    expect(seen).toHaveLength(2);
  });

  test('reports a truncated body and a wrong content coding', async () => {
    const cut = await serve((response) =>
      response.writeHead(200, { 'Content-Length': 9 }).write('{', () => response.destroy()),
    );
    expect((await cut.send(get())).exchange.answer).toMatchObject({ kind: 'failure', reason: 'cut' });
    const coded = await serve((response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('plain'),
    );
    expect((await coded.send(get())).exchange.answer).toMatchObject({
      kind: 'failure',
      reason: 'malformed',
    });
  });

  test('reports a refused connection', async () => {
    const transport = new Transport('http://127.0.0.1:1', 1);
    expect(
      await transport.send({ method: 'GET', path: '/', headers: [] }, new AbortController().signal),
    ).toMatchObject({
      reason: 'refused',
    });
    await transport.close();
  });

  test('preserves paths and repeated header lines', async () => {
    const { send, seen } = await serve((response) => {
      response.setHeader('Retry-After', ['5', '7']);
      response.end('{}');
    });
    const { exchange } = await send(get({ path: '/a/../%zz/..%2fb?type=%zz' }));
    expect(seen).toEqual(['GET /a/../%zz/..%2fb?type=%zz']);
    const lines = exchange.answer.kind === 'response' ? exchange.answer.headers : [];
    expect(lines.filter(([name]) => name === 'Retry-After')).toEqual([
      ['Retry-After', '5'],
      ['Retry-After', '7'],
    ]);
  });

  test.each<[string, Authorization]>([
    ['a token', { kind: 'token', of: 'user' }],
    ['a token without a signature', { kind: 'mutated', of: 'user', mutation: 'unsigned' }],
    ['a token in the query', { kind: 'mutated', of: 'user', mutation: 'in-query' }],
  ])('masks %s in the request and in the response', async (_, authorization) => {
    const { send } = await serve((response, { url, authorization: header }) => {
      response.end(JSON.stringify({ echo: `${header ?? ''} ${decodeURIComponent(url)} the-token-1` }));
    });
    const sent = await send(get({ authorization }));
    expect(
      JSON.stringify(sent, (__, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      ),
    ).not.toContain('the-token-1');
  });

  test('sends nothing without permission', async () => {
    const { send, seen, permissions } = await serve((response) => response.end('{}'));
    await expect(send(get({ method: 'POST' }))).rejects.toThrow(NotPermittedError);
    expect([seen, permissions.allows('write')]).toEqual([[], false]);
  });
});

describe('tokens', () => {
  test('are requested once for concurrent callers and masked in texts', async () => {
    const { tokens } = await serve((response) => response.end());
    expect(await Promise.all([tokens.token('user'), tokens.token('user')])).toEqual([
      'the-token-1',
      'the-token-1',
    ]);
    expect(tokens.mask('x the-token-1 very-secret')).toBe('x <user token> <user secret>');
  });

  test('without credentials fail with the name of the principal', async () => {
    const { tokens } = await serve((response) => response.end());
    await expect(tokens.token('reader')).rejects.toThrow('no token for reader');
  });
});

test('the throttle keeps the pace in every window, for each key', async () => {
  const sentAt: Record<string, number[]> = { a: [], b: [] };
  let key = 'a';
  const timer = {
    now: () => 0,
    wait: (milliseconds: number) => Promise.resolve(sentAt[key]?.push(milliseconds)),
  };
  const throttle = createThrottle({ limit: 5, windowMs: 100 }, timer);
  const { signal } = new AbortController();
  for (let request = 0; request < 14; request++) await throttle('a', signal);
  key = 'b';
  for (let request = 0; request < 6; request++) await throttle('b', signal);
  // Five requests are sent at once, the others wait: no more than five within any hundred milliseconds.
  expect(sentAt).toEqual({ a: [100, 100, 100, 100, 100, 200, 200, 200, 200], b: [100] });
});

test('bytes survive the conversion to JSON data', () => {
  for (const bytes of [Buffer.from('{"ä":1}'), Buffer.from([255, 0, 128])]) {
    const stored = JSON.parse(JSON.stringify(requestBody(bytes))) as ReturnType<typeof requestBody>;
    expect(Buffer.from(bytesOf(stored) ?? [])).toEqual(bytes);
  }
});

test('a budget reserves a share for later layers', () => {
  const budget = new Budget({ requests: 10, until: 100 }, () => 50);
  const share = (requests: number, durationMs: number) => ({ requests, durationMs });
  expect(budget.isLeft(share(9, 49))).toBe(true);
  expect(budget.isLeft(share(10, 0))).toBe(false);
  expect(budget.isLeft(share(0, 50))).toBe(false);
  // Work that cannot be interrupted does not start.
  expect(() => budget.take(1, 50)).toThrow('the time limit (--max-duration) is reached');
  expect(new Budget({ requests: undefined, until: undefined }, () => 0).isLeft(share(0, 0))).toBe(false);
});

test('a budget is exact to the request and to the millisecond', () => {
  let now = 0;
  const budget = new Budget({ requests: 3, until: 100 }, () => now);
  budget.take(2);
  expect(() => budget.take(2)).toThrow(BudgetSpentError);
  budget.take();
  expect(() => budget.take()).toThrow('the limit of 3 requests (--max-requests) is reached');
  const timed = new Budget({ requests: undefined, until: 100 }, () => now);
  timed.take(1000);
  now = 100;
  expect(() => timed.take()).toThrow('the time limit (--max-duration) is reached');
});
