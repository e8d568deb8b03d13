import { createServer, type IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import aggregate from '../../fixtures/examples/aggregate.json' with { type: 'json' };
import { listenOnLoopback, type LoopbackServer } from '../../core/node/index.ts';
import { TIMESTAMP } from './examples.ts';
import type { ConsumerName, SdkCall, SdkResult } from './sdk.ts';
import { describeEachSdk } from './test-support/describe-each-sdk.ts';
import { tolerances, type Reaction, type SdkResponse } from './tolerances.ts';

// Behaviour of the SDKs that a pact cannot express.

interface SdkRequest {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: LoopbackServer;
let reply: SdkResponse & { readonly retryAfter?: string };
const received: SdkRequest[] = [];

beforeAll(async () => {
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const { status, contentType, retryAfter } = reply;
      response.writeHead(status, {
        'Content-Type': contentType,
        ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
      });
      response.end(reply.body);
    });
  });
  server = await listenOnLoopback(listener);
});
afterAll(() => server.close());

const report = {
  body: { id: '4711' },
  status: 'NORMAL',
  type: 'CCG',
  timestamp: '2024-03-11T08:00:00.722300Z',
};
const read = { operation: 'getManagedClientStatus', type: 'CCG' } as const;
const post = { operation: 'updateManagedClientStatus', report } as const;

const ok: SdkResponse = { status: 200, contentType: 'application/json', body: JSON.stringify(report) };
const throttled = {
  status: 429,
  contentType: 'application/json',
  body: '{"message":" Rate Limit Exceeded "}',
};
const broken = {
  status: 500,
  contentType: 'application/json',
  body: '{"detailCode":"500.0 Internal Fault"}',
};
const busy = { status: 503, contentType: 'application/json', body: '{}' };

type By<T> = Readonly<Record<ConsumerName, T>>;
const by = <T>(typescript: T, python: T, go: T): By<T> => ({
  'typescript-sdk': typescript,
  'python-sdk': python,
  'go-sdk': go,
});

describeEachSdk((consumer, sdk) => {
  async function call(
    changes: Partial<SdkCall>,
    response: typeof reply,
  ): Promise<{ result: SdkResult; requests: SdkRequest[] }> {
    reply = response;
    const before = received.length;
    const base = {
      baseUrl: server.url,
      token: 'example-token',
      id: 'aClientId',
      retries: false,
      operation: read.operation,
    };
    const result = await sdk().call({ ...base, ...changes });
    return { result, requests: received.slice(before) };
  }

  /** The number of requests of the SDK by default. Retry-After: 0 avoids waiting. */
  test.each<[string, Partial<SdkCall>, typeof reply, By<number>]>([
    ['GET, 429 with Retry-After', read, { ...throttled, retryAfter: '0' }, by(1, 4, 5)],
    ['POST, 429 with Retry-After', post, { ...throttled, retryAfter: '0' }, by(1, 1, 5)],
    ['GET, 503 with Retry-After', read, { ...busy, retryAfter: '0' }, by(4, 4, 5)],
    ['POST, 503 with Retry-After: Go repeats the report', post, { ...busy, retryAfter: '0' }, by(1, 1, 5)],
  ])('retries by default: %s', async (_, changes, response, requests) => {
    expect((await call({ ...changes, retries: true }, response)).requests).toHaveLength(requests[consumer]);
  });

  test('returns Retry-After, except for Go after its retries', async () => {
    const { result } = await call({ ...read, retries: true }, { ...throttled, retryAfter: '0' });
    const message = expect.stringContaining('giving up after 5 attempt(s)') as unknown;
    const lost = { error: '*url.Error', message };
    const kept = { status: 429, retryAfter: '0' };
    expect(result).toMatchObject(by<object>(kept, kept, lost)[consumer]);
    if (consumer === 'go-sdk') expect(result).not.toHaveProperty('status');
  });

  test.each(tolerances)('reacts as expected to $name', async ({ response, behaviour }) => {
    const { result } = await call(read, response);
    expect(reactionOf(result, response)).toBe(behaviour[consumer]);
  });

  test('preserves null members in an aggregate', async () => {
    const body = { ...report, body: aggregate };
    const { result } = await call(post, { ...ok, body: JSON.stringify(body) });
    expect(result).toMatchObject({ kind: 'value', value: { body: aggregate } });
  });

  test('writes timestamps and bodies in its own format', async () => {
    const { requests } = await call(post, ok);
    const [{ body = '', headers } = {}] = requests as [Partial<SdkRequest>?];
    const written = by(
      '2024-03-11T08:00:00.722300Z',
      '2024-03-11T08:00:00.722300+00:00',
      '2024-03-11T08:00:00.7223Z',
    );
    expect((JSON.parse(body) as { timestamp: string }).timestamp).toBe(written[consumer]);
    expect(body.endsWith('\n')).toBe(consumer === 'go-sdk');
    expect(headers?.['content-type']).toBe('application/json');
    expect(headers?.accept).toBe(
      by('application/json, text/plain, */*', 'application/json', 'application/json')[consumer],
    );
  });

  test('adds /beta to the base URL and encodes the id', async () => {
    const { requests } = await call({ ...read, id: 'a/b?c' }, ok);
    expect(requests[0]?.line).toBe('GET /beta/managed-clients/a%2Fb%3Fc/status?type=CCG');
  });

  test('rejects a value outside the enum before sending, only in Python', async () => {
    const wrong = await call({ ...read, type: 'TOASTER' }, ok);
    const splendid = await call({ ...post, report: { ...report, status: 'SPLENDID' } }, ok);
    const sent = by(1, 0, 1)[consumer];
    expect([wrong.requests.length, splendid.requests.length]).toEqual([sent, sent]);
    if (sent === 0) expect(wrong.result).toMatchObject({ kind: 'error', error: 'ValidationError' });
  });

  test('without a token: no header, no request, or an empty header', async () => {
    const { result, requests } = await call({ ...read, token: null }, ok);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      by<unknown[]>([undefined], [], ['Bearer'])[consumer],
    );
    if (consumer === 'python-sdk') expect(result).toMatchObject({ error: 'TypeError' });
  });

  test('never returns the token', async () => {
    const { result } = await call(read, broken);
    expect(JSON.stringify(result)).not.toContain('example-token');
  });

  // Go also repeats all of these, which takes fifteen seconds.
  if (consumer === 'go-sdk') return;

  test('repeats a GET that failed with 500, only in TypeScript', async () => {
    const { requests } = await call({ ...read, retries: true }, broken);
    expect(requests).toHaveLength(consumer === 'typescript-sdk' ? 4 : 1);
  });

  test('accepts a fraction in Retry-After, but Python fails', async () => {
    const { result } = await call({ ...read, retries: true }, { ...throttled, retryAfter: '0.5' });
    expect(result).toMatchObject(
      consumer === 'typescript-sdk' ? { status: 429 } : { error: 'InvalidHeader' },
    );
  });
});

/** Compares the returned value with the response. Another spelling of the same instant is equal. */
function reactionOf(result: SdkResult, { body }: SdkResponse): Reaction {
  if (result.kind === 'error') return 'fails';
  return isSame(result.value, parse(body)) ? 'ok' : 'wrong';
}

function isSame(returned: unknown, sent: unknown): boolean {
  if (typeof returned !== 'object' || returned === null || typeof sent !== 'object' || sent === null)
    return returned === sent;
  const [one, other] = [returned as Record<string, unknown>, sent as Record<string, unknown>];
  // Additional members may be dropped.
  return ['body', 'status', 'type', 'timestamp'].every((name) => isSameMember(name, one[name], other[name]));
}

function isSameMember(name: string, returned: unknown, sent: unknown): boolean {
  if (name === 'timestamp' && typeof returned === 'string') return Date.parse(returned) === instantOf(sent);
  return JSON.stringify(returned) === JSON.stringify(sent);
}

function instantOf(sent: unknown): number {
  return typeof sent === 'number' ? sent : Date.parse(String(sent));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

describe('the table of tolerances', () => {
  test('has unique names', () => {
    const names = tolerances.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(TIMESTAMP).toMatch(/\.000000Z$/);
  });
});
