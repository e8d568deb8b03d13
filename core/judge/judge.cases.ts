import type { Body, Exchange, HeaderLine } from '../http/exchange.ts';
import type { RequestIntent } from './request-intent.ts';
import type { Code } from './codes.ts';
import type { InconclusiveReason } from './check-result.ts';

/** An exchange and its expected judgement. Node and k6 judge the same cases. */
export interface JudgeCase {
  readonly name: string;
  readonly exchange: Exchange;
  readonly intent: RequestIntent;
  readonly codes: readonly Code[];
  readonly inconclusive: readonly InconclusiveReason[];
}

interface JudgeRow {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly raw?: Body;
  readonly joined?: true;
  readonly headers?: readonly HeaderLine[];
  readonly contentType?: string | null;
  readonly failure?: 'refused' | 'reset' | 'timeout' | 'cut';
  readonly intent?: Partial<RequestIntent>;
  readonly codes?: readonly Code[];
  readonly inconclusive?: readonly InconclusiveReason[];
}

export const good = { body: {}, status: 'NORMAL', type: null, timestamp: '2020-01-01T00:00:00.5+02:00' };
const errorBody = { detailCode: '400.1 Bad', trackingId: 'x', messages: [{ locale: null, text: 'no' }] };
const limitBody = { message: ' Rate Limit Exceeded ' };
const DATE: HeaderLine = ['Date', 'Sat, 21 Nov 2026 07:00:00 GMT'];
const wait = (value: string): HeaderLine => ['Retry-After', value];

const rows: Record<string, JudgeRow> = {
  'a valid response': { body: good },
  'a valid response with additional properties': { body: { ...good, extra: 1 } },
  'a server error': { status: 500, body: errorBody, codes: ['response.status.server-error'] },
  'a server error that the provider state requires': {
    status: 500,
    body: errorBody,
    intent: { expectation: 'failing' },
  },
  'an error page of a gateway': {
    status: 502,
    text: '<html>',
    contentType: 'text/html',
    inconclusive: ['environment.gateway'],
  },
  'a 503 of the service itself': { status: 503, body: errorBody, codes: ['response.status.server-error'] },
  'a broken connection': { failure: 'reset', codes: ['response.connection.lost'] },
  'no response in time': { failure: 'timeout', codes: ['response.connection.lost'] },
  'a refused connection': { failure: 'refused', inconclusive: ['environment.unreachable'] },
  'a stack frame': {
    status: 400,
    body: { ...errorBody, e: 'at com.acme.Service.run(Service.java:42)' },
    intent: { expectation: 'reject' },
    codes: ['response.body.leak'],
  },
  'a stack trace that a client reported': {
    body: { ...good, body: { stacktrace: 'at com.acme.Service.run(Service.java:42)' } },
  },
  'a secret in a header': {
    body: good,
    headers: [['X-Debug', 'Bearer abcdefghijklmnopqrstuvwxyz']],
    codes: ['response.body.leak'],
  },
  'an error page of the service itself': {
    status: 500,
    text: '<html>',
    contentType: 'text/html',
    codes: ['response.status.server-error', 'response.content-type.undocumented'],
  },
  'the word stacktrace': { body: { ...good, body: { stacktrace: '', forbidden: true } } },
  'the token of the request': {
    body: { ...good, body: { t: '<user token>' } },
    codes: ['response.body.leak'],
  },
  'an undocumented success': { status: 201, body: good, codes: ['response.status.undocumented'] },
  'an undocumented rejection': {
    status: 422,
    body: errorBody,
    intent: { expectation: 'reject' },
    codes: ['response.status.undocumented'],
  },
  'no Content-Type': { body: good, contentType: null, codes: ['response.content-type.undocumented'] },
  'another charset': {
    body: good,
    contentType: 'application/json;charset=latin1',
    codes: ['response.content-type.undocumented'],
  },
  'a content type with parameters': { body: good, contentType: 'application/json; charset=UTF-8' },
  'an empty body': { text: '', codes: ['response.body.schema'] },
  'a member status in lower case': { body: { ...good, status: 'normal' }, codes: ['response.body.schema'] },
  'a day that does not exist': {
    body: { ...good, timestamp: '2023-02-30T00:00:00Z' },
    codes: ['response.body.schema'],
  },
  'bytes that k6 replaced': {
    raw: { kind: 'text', text: JSON.stringify({ ...good, body: { x: '\uFFFD' } }) },
    inconclusive: ['engine.body-replaced'],
  },
  'bytes that are not UTF-8': {
    raw: { kind: 'bytes', bytes: new Uint8Array([255]) },
    codes: ['response.body.schema'],
  },
  '401 without a challenge': {
    status: 401,
    body: { error: 'x' },
    intent: { expectation: 'unauthorized' },
    codes: ['response.www-authenticate.missing'],
  },
  'a repeated member': {
    text: JSON.stringify(good).replace('{', '{"type":"VA",'),
    codes: ['response.body.repeated-member'],
  },
  'equal names in different objects': {
    body: { ...good, body: { type: 'x', list: [{ type: 'y' }, { type: 'z' }], '"type":': '{"a":1,"a":2}' } },
  },
  'a repeated header': {
    body: good,
    headers: [
      ['Date', 'Wed, 01 Jan 2020 00:00:00 GMT'],
      ['date', 'Wed, 01 Jan 2020 00:00:00 GMT'],
    ],
    codes: ['response.header.repeated'],
  },
  'a redirect': {
    status: 308,
    headers: [['Location', 'https://elsewhere.example/x']],
    inconclusive: ['environment.intermediary'],
  },
  'a page with 200': {
    text: '<!doctype html><title>Sign in</title>',
    contentType: 'text/html',
    inconclusive: ['environment.intermediary'],
  },
  '401 with a challenge': {
    status: 401,
    body: { error: 'x' },
    headers: [['www-authenticate', 'Bearer']],
    intent: { expectation: 'unauthorized' },
  },
  'an unexpected 401': {
    status: 401,
    body: { error: 'x' },
    headers: [['www-authenticate', 'Bearer']],
    inconclusive: ['environment.unauthorized'],
  },
  'an unexpected 403': { status: 403, body: errorBody, inconclusive: ['environment.forbidden'] },
  '404 before the preflight has seen the managed client': {
    status: 404,
    body: errorBody,
    intent: { isManagedClientKnown: false },
    inconclusive: ['environment.unknown-client'],
  },
  '404 for a known managed client': { status: 404, body: errorBody, codes: ['request.valid.rejected'] },
  'an unexpected 429': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('10')],
    inconclusive: ['environment.rate-limited'],
  },
  'an expected 429': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('10')],
    intent: { expectation: 'limited' },
  },
  'a 429 with a date': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('Sat, 21 Nov 2026 07:00:09 GMT')],
    intent: { expectation: 'accept-or-limited' },
  },
  ...Object.fromEntries(
    ['-1', '1.5', 'soon', '0', '5, 7', '3601', 'Sat, 21 Nov 2026 06:00:00 GMT', '1e3'].map(
      (value): [string, JudgeRow] => [
        `a 429 with Retry-After ${value}`,
        {
          status: 429,
          body: limitBody,
          headers: [DATE, wait(value)],
          intent: { expectation: 'limited' },
          codes: ['rate-limit.retry-after.unusable'],
        },
      ],
    ),
  ),
  'a 429 without Retry-After': {
    status: 429,
    body: limitBody,
    headers: [DATE],
    intent: { expectation: 'limited' },
    codes: ['rate-limit.retry-after.unusable'],
  },
  'a 429 that a cache may store': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('5'), ['Cache-Control', 'max-age=60']],
    intent: { expectation: 'limited' },
    codes: ['rate-limit.response.shape'],
  },
  'a 429 without a message': {
    status: 429,
    body: {},
    headers: [DATE, wait('5')],
    intent: { expectation: 'limited' },
    codes: ['rate-limit.response.shape'],
  },
  'an invalid request accepted': {
    body: good,
    intent: { expectation: 'reject' },
    codes: ['request.invalid.accepted'],
  },
  'an invalid request accepted, with a body that does not match the schema': {
    body: {},
    intent: { expectation: 'reject' },
    codes: ['request.invalid.accepted'],
  },
  'an invalid request rejected': { status: 400, body: errorBody, intent: { expectation: 'reject' } },
  'an invalid request answered with 404': {
    status: 404,
    body: errorBody,
    intent: { expectation: 'reject' },
    codes: ['request.invalid.wrong-4xx'],
  },
  'an unsupported media type accepted': {
    body: good,
    intent: { expectation: 'reject-media' },
    codes: ['request.media.accepted'],
  },
  'an unsupported media type rejected with 406': {
    status: 406,
    body: errorBody,
    intent: { expectation: 'reject-media' },
    codes: ['response.status.undocumented'],
  },
  'a valid request rejected': { status: 400, body: errorBody, codes: ['request.valid.rejected'] },
  'a request that may be rejected, rejected': {
    status: 400,
    body: errorBody,
    intent: { expectation: 'either' },
  },
  'another token rejected in a limiter experiment': {
    status: 403,
    body: errorBody,
    intent: { expectation: 'either-or-limited' },
  },
  'an unknown id accepted': {
    body: good,
    intent: { expectation: 'not-found' },
    codes: ['request.id.accepted'],
  },
  'an unknown id rejected with 400': {
    status: 400,
    body: errorBody,
    intent: { expectation: 'not-found' },
    codes: ['request.id.wrong-status'],
  },
  'an undocumented method accepted': {
    text: '',
    intent: { operation: undefined, expectation: 'no-operation' },
    codes: ['request.method.accepted'],
  },
  'an undocumented method rejected': {
    status: 405,
    text: '',
    intent: { operation: undefined, expectation: 'no-operation' },
  },
  'a request without a token accepted': {
    body: good,
    intent: { expectation: 'unauthorized' },
    codes: ['auth.accepted'],
  },
  'a request without a token rejected with 403': {
    status: 403,
    body: errorBody,
    intent: { expectation: 'unauthorized' },
    codes: ['auth.wrong-status'],
  },
  'a permitted caller rejected with 403': {
    status: 403,
    body: errorBody,
    intent: { expectation: 'authorized' },
    codes: ['auth.wrong-status'],
  },
  'a permitted caller rejected with 400': {
    status: 400,
    body: errorBody,
    intent: { expectation: 'authorized' },
    codes: ['request.valid.rejected'],
  },
};

export const judgeCases: readonly JudgeCase[] = Object.entries(rows).map(([name, row]) => ({
  name,
  exchange: exchangeOf(row),
  intent: {
    operation: 'getManagedClientStatus',
    expectation: 'accept',
    isManagedClientKnown: true,
    ...row.intent,
  },
  codes: row.codes ?? [],
  inconclusive: row.inconclusive ?? [],
}));

function exchangeOf({
  status = 200,
  body,
  text,
  raw,
  headers = [],
  contentType,
  failure,
  joined,
}: JudgeRow): Exchange {
  const type: HeaderLine[] =
    contentType === null ? [] : [['Content-Type', contentType ?? 'application/json']];
  return {
    request: {
      method: 'GET',
      url: 'http://x/beta/managed-clients/a/status?type=CCG',
      headers: [],
      body: { kind: 'none' },
    },
    answer:
      failure === undefined
        ? {
            kind: 'response',
            status,
            headers: [...type, ...headers],
            headerLines: joined ? 'joined' : 'separate',
            body: raw ?? { kind: 'text', text: text ?? JSON.stringify(body) },
          }
        : { kind: 'failure', reason: failure, detail: 'x' },
    sentAt: 0,
    receivedAt: 1,
  };
}
