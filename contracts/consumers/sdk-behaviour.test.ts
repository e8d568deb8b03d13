import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import aggregate from '../../fixtures/examples/aggregate.json' with { type: 'json' };
import { describeEachSdk } from './test-support/describe-each-sdk.ts';
import { TIMESTAMP } from './examples.ts';
import type { ConsumerName, Handed, Question } from './sdk.ts';
import { tolerances, type Answer, type Taking } from './tolerances.ts';

/** What the SDKs do beyond a contract: a pact cannot say it, and applications live with it. */
interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let baseUrl: string;
let reply: Answer & { readonly retryAfter?: string };
const seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const { status, contentType, retryAfter } = reply;
      response.writeHead(status, {
        'Content-Type': contentType,
        ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
      });
      response.end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const report = {
  body: { id: '4711' },
  status: 'NORMAL',
  type: 'CCG',
  timestamp: '2024-03-11T08:00:00.722300Z',
};
const read = { operation: 'getManagedClientStatus', type: 'CCG' } as const;
const post = { operation: 'updateManagedClientStatus', report } as const;

const ok: Answer = { status: 200, contentType: 'application/json', body: JSON.stringify(report) };
const limited = { status: 429, contentType: 'application/json', body: '{"message":" Rate Limit Exceeded "}' };
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
  async function ask(
    asked: Partial<Question>,
    answer: typeof reply,
  ): Promise<{ handed: Handed; requests: Seen[] }> {
    reply = answer;
    const before = seen.length;
    const base = {
      baseUrl,
      token: 'example-token',
      id: 'aClientId',
      retries: false,
      operation: read.operation,
    };
    const handed = await sdk().call({ ...base, ...asked });
    return { handed, requests: seen.slice(before) };
  }

  /** Requests that the SDK sends by default; no wait is longer than Retry-After: 0 makes it. */
  test.each<[string, Partial<Question>, typeof reply, By<number>]>([
    ['GET, 429 with Retry-After', read, { ...limited, retryAfter: '0' }, by(1, 4, 5)],
    ['POST, 429 with Retry-After', post, { ...limited, retryAfter: '0' }, by(1, 1, 5)],
    ['GET, 503 with Retry-After', read, { ...busy, retryAfter: '0' }, by(4, 4, 5)],
    [
      'POST, 503 with Retry-After: Go reports twice and more',
      post,
      { ...busy, retryAfter: '0' },
      by(1, 1, 5),
    ],
  ])('retries by default: %s', async (_, asked, answer, requests) => {
    expect((await ask({ ...asked, retries: true }, answer)).requests).toHaveLength(requests[consumer]);
  });

  test('hands on Retry-After, but for Go after its own retries', async () => {
    const { handed } = await ask({ ...read, retries: true }, { ...limited, retryAfter: '0' });
    const message = expect.stringContaining('giving up after 5 attempt(s)') as unknown;
    const lost = { error: '*url.Error', message };
    const kept = { status: 429, retryAfter: '0' };
    expect(handed).toMatchObject(by<object>(kept, kept, lost)[consumer]);
    if (consumer === 'go-sdk') expect(handed).not.toHaveProperty('status');
  });

  test.each(tolerances)('takes $name as it is known to', async ({ answer, takings }) => {
    const { handed } = await ask(read, answer);
    expect(takingOf(handed, answer)).toBe(takings[consumer]);
  });

  test('keeps the nulls deep in an aggregate', async () => {
    const body = { ...report, body: aggregate };
    const { handed } = await ask(post, { ...ok, body: JSON.stringify(body) });
    expect(handed).toMatchObject({ kind: 'value', value: { body: aggregate } });
  });

  test('writes a timestamp and a body in its own way', async () => {
    const { requests } = await ask(post, ok);
    const [{ body = '', headers } = {}] = requests as [Partial<Seen>?];
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

  test('adds /beta to its base URL, and encodes what an id must not have', async () => {
    const { requests } = await ask({ ...read, id: 'a/b?c' }, ok);
    expect(requests[0]?.line).toBe('GET /beta/managed-clients/a%2Fb%3Fc/status?type=CCG');
  });

  test('refuses a value outside the enum before it is sent, in Python alone', async () => {
    const wrong = await ask({ ...read, type: 'TOASTER' }, ok);
    const splendid = await ask({ ...post, report: { ...report, status: 'SPLENDID' } }, ok);
    const sent = by(1, 0, 1)[consumer];
    expect([wrong.requests.length, splendid.requests.length]).toEqual([sent, sent]);
    if (sent === 0) expect(wrong.handed).toMatchObject({ kind: 'error', error: 'ValidationError' });
  });

  test('without a token: no header, nothing at all, or an empty one', async () => {
    const { handed, requests } = await ask({ ...read, token: null }, ok);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      by<unknown[]>([undefined], [], ['Bearer'])[consumer],
    );
    if (consumer === 'python-sdk') expect(handed).toMatchObject({ error: 'TypeError' });
  });

  test('never shows the token in what it hands its caller', async () => {
    const { handed } = await ask(read, broken);
    expect(JSON.stringify(handed)).not.toContain('example-token');
  });

  // Go repeats all of them as well, and takes fifteen seconds.
  if (consumer === 'go-sdk') return;

  test('repeats a GET that failed with 500 at once, in TypeScript alone', async () => {
    const { requests } = await ask({ ...read, retries: true }, broken);
    expect(requests).toHaveLength(consumer === 'typescript-sdk' ? 4 : 1);
  });

  test('takes fractions of seconds as it likes: Python fails at them', async () => {
    const { handed } = await ask({ ...read, retries: true }, { ...limited, retryAfter: '0.5' });
    expect(handed).toMatchObject(
      consumer === 'typescript-sdk' ? { status: 429 } : { error: 'InvalidHeader' },
    );
  });
});

/** Compares what the caller got with what was sent; another spelling of the same instant is the same. */
function takingOf(handed: Handed, { body }: Answer): Taking {
  if (handed.kind === 'error') return 'fails';
  return same(handed.value, safely(body)) ? 'ok' : 'wrong';
}

function same(got: unknown, sent: unknown): boolean {
  if (typeof got !== 'object' || got === null || typeof sent !== 'object' || sent === null)
    return got === sent;
  const [one, other] = [got as Record<string, unknown>, sent as Record<string, unknown>];
  // What was added may be dropped; what was there has to be there.
  return ['body', 'status', 'type', 'timestamp'].every((name) => sameMember(name, one[name], other[name]));
}

function sameMember(name: string, got: unknown, sent: unknown): boolean {
  if (name === 'timestamp' && typeof got === 'string') return Date.parse(got) === instantOf(sent);
  return JSON.stringify(got) === JSON.stringify(sent);
}

function instantOf(sent: unknown): number {
  return typeof sent === 'number' ? sent : Date.parse(String(sent));
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

describe('the table of tolerances', () => {
  test('names each change once', () => {
    const names = tolerances.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(TIMESTAMP).toMatch(/\.000000Z$/);
  });
});
