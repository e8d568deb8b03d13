import { createServer as createTlsServer } from 'node:https';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import { afterAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

import { listenOnLoopback, type LoopbackServer } from '../node/index.ts';
import { serve } from '../../test-support/serve.ts';
import type { Exchange } from '../index.ts';
import { readTokenAnswer } from './token-answer.ts';
import { sendOnce, Transport } from './transport.ts';
import { Watchdog } from './watchdog.ts';

const { signal } = new AbortController();
const servers: LoopbackServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A server that writes raw bytes instead of a response. @returns its URL */
function serveRaw(...parts: string[]): Promise<string> {
  return serve((_, { socket }) => socket?.end(Buffer.from(parts.join(''), 'latin1')));
}

function get(url: string): Promise<Exchange['answer']> {
  return sendOnce(new URL(url), { method: 'GET', path: '/', headers: [] }, signal);
}

/** The status and the body, or the failure. */
async function summary(url: string): Promise<[string | number, string]> {
  const answer = await get(url);
  if (answer.kind === 'failure') return [answer.reason, answer.detail];
  return [answer.status, answer.body.kind === 'bytes' ? Buffer.from(answer.body.bytes).toString() : ''];
}

const BODY = '{"a":1}';
const coded = (coding: string, bytes: Uint8Array): Promise<string> =>
  serve((_, response) => response.writeHead(200, { 'Content-Encoding': coding }).end(bytes));

describe('content codings are removed', () => {
  test.each([
    ['gzip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['GZIP', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['zstd', zstdCompressSync(BODY)],
    ['identity', Buffer.from(BODY)],
    ['gzip, br', brotliCompressSync(gzipSync(BODY))],
  ])('%s', async (coding, bytes) => {
    expect(await summary(await coded(coding, bytes))).toEqual([200, BODY]);
  });

  test('or named', async () => {
    expect(await summary(await coded('compress', Buffer.from(BODY)))).toEqual([
      'malformed',
      'unsupported content coding "compress"',
    ]);
    expect(await summary(await coded('gzip', Buffer.from(BODY)))).toEqual([
      'malformed',
      expect.stringContaining('the content coding is corrupt'),
    ]);
  });
});

describe('limits', () => {
  test('a body that never ends is not read further', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const timer = setInterval(() => response.write(chunk), 0);
      response.once('close', () => clearInterval(timer));
    });
    expect(await summary(url)).toEqual(['oversized', 'the body has more than 4 MiB']);
  });

  test('a small body that decompresses to a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(await summary(await coded('gzip', bomb))).toEqual(['oversized', 'the body has more than 4 MiB']);
  });

  test('headers', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `X-${index}: ${'x'.repeat(100)}`).join('\r\n');
    const url = await serveRaw(`HTTP/1.1 200 OK\r\n${lines}\r\n\r\n`);
    expect(await summary(url)).toEqual(['oversized', 'the headers have more than 64 KiB']);
  });
});

describe('legal HTTP', () => {
  test.each([
    ['interim responses', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'],
    ['no interim response', ''],
  ])('%s', async (_, interim) => {
    const url = await serveRaw(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 7  \r\n\r\n${BODY}`);
    expect(await summary(url)).toEqual([200, BODY]);
  });
});

describe('failures are named', () => {
  test('a refused connection', async () => {
    expect(await summary('http://127.0.0.1:1')).toEqual([
      'refused',
      'the connection is refused (ECONNREFUSED)',
    ]);
  });

  test('a name that does not exist', async () => {
    expect(await summary('http://no-such-host.invalid')).toEqual([
      'refused',
      expect.stringMatching(/^the name no-such-host\.invalid is not known \((ENOTFOUND|EAI_AGAIN)\)$/),
    ]);
  });

  test('a closed connection, before and within a response', async () => {
    expect(await summary(await serveRaw(''))).toEqual([
      'reset',
      expect.stringContaining('before a response'),
    ]);
    const cut = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"a"');
    expect(await summary(cut)).toEqual(['cut', expect.stringContaining('within the response')]);
  });

  test('bytes that are not HTTP', async () => {
    expect(await summary(await serveRaw('hello\r\n\r\n'))).toEqual([
      'malformed',
      expect.stringContaining('is not HTTP'),
    ]);
  });

  test.each([
    [
      'an unknown authority',
      '127.0.0.1',
      /is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): set NODE_EXTRA_CA_CERTS/,
    ],
    ['plain HTTP', undefined, /the TLS handshake failed .*check that the port serves https/],
  ])('TLS: %s', async (_, name, sentence) => {
    if (name === undefined) {
      const url = await serve((__, response) => response.end());
      expect(await summary(url.replace('http:', 'https:'))).toEqual([
        'refused',
        expect.stringMatching(sentence),
      ]);
      return;
    }
    const { private: key, cert } = await generate([{ name: 'commonName', value: name }]);
    const server = await listenOnLoopback(createTlsServer({ key, cert }, (__, response) => response.end()));
    servers.push(server);
    expect(await summary(server.url.replace('http:', 'https:'))).toEqual([
      'refused',
      expect.stringMatching(sentence),
    ]);
  });
});

describe('the token endpoint', () => {
  const answer = (
    status: number,
    body: string,
    headers: readonly (readonly [string, string])[] = [],
  ): Exchange['answer'] => ({
    kind: 'response',
    status,
    headers,
    headerLines: 'separate',
    body: { kind: 'bytes', bytes: Buffer.from(body) },
  });
  const json = [['Content-Type', 'application/json']] as const;

  test.each([
    [
      'a lifetime as text',
      answer(200, '{"access_token":"t","expires_in":"60"}', json),
      { token: 't', lifetimeMs: 60_000 },
    ],
    ['another 2xx', answer(201, '{"access_token":"t"}', json), { token: 't', lifetimeMs: undefined }],
    [
      'an OAuth error',
      answer(400, '{"error":"invalid_scope","error_description":"No."}', json),
      { problem: 'it answered 400, invalid_scope: No' },
    ],
    [
      'an error with 200',
      answer(200, '{"error":"bad_verification_code"}', json),
      { problem: 'it answered 200, bad_verification_code' },
    ],
    [
      'a redirect',
      answer(302, '', [['Location', 'https://login.example.com/x?y']]),
      { problem: expect.stringContaining('it redirects to https://login.example.com/x (302)') },
    ],
    [
      'a page',
      answer(200, '<html><title>Sign in</title>'),
      { problem: expect.stringContaining('an HTML page ("Sign in", status 200)') },
    ],
    [
      'a token in another place',
      answer(200, '{"data":{"access_token":"t"}}', json),
      { problem: 'it answered 200 without an access_token' },
    ],
    [
      'a limiter',
      answer(429, '', [['Retry-After', '7']]),
      { problem: expect.stringContaining('429, Retry-After 7') },
    ],
  ])('%s', (_, given, expected) => {
    expect(readTokenAnswer(given)).toEqual(expected);
  });
});

describe('the watchdog', () => {
  const timeout = { kind: 'failure', reason: 'timeout', detail: '' } as const;

  test('ends a run if the target stops answering', async () => {
    const dead = new Watchdog({ now: () => 0, probe: () => Promise.resolve(timeout) });
    await dead.observe(timeout);
    await dead.observe(timeout);
    await expect(dead.observe(timeout)).rejects.toThrow(
      'the target stopped answering after 3 requests at 1970-01-01T00:00:00.000Z',
    );
    expect(() => dead.requireTarget()).toThrow('stopped answering');
  });

  test('but not if only some requests are not answered', async () => {
    const url = await serve((_, response) => response.end());
    const transport = new Transport(url, 1);
    const probe = (): Promise<Exchange['answer']> =>
      transport.send({ method: 'GET', path: '/', headers: [] }, signal);
    const alive = new Watchdog({ now: () => 0, probe });
    for (let count = 0; count < 10; count++) await alive.observe(timeout);
    await transport.close();
    expect(() => alive.requireTarget()).not.toThrow();
  });
});
