import type { Body, Exchange, HeaderLine } from '../http/exchange.ts';
import type { Asked } from './request-intent.ts';
import type { Code } from './codes.ts';
import type { DoubtCode } from './check-result.ts';

/** An exchange and what the judge has to say of it. The same rows are judged in Node and in k6. */
export interface JudgeCase {
  readonly name: string;
  readonly exchange: Exchange;
  readonly asked: Asked;
  readonly codes: readonly Code[];
  readonly doubts: readonly DoubtCode[];
}

interface Row {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly raw?: Body;
  readonly joined?: true;
  readonly headers?: readonly HeaderLine[];
  readonly contentType?: string | null;
  readonly failure?: 'refused' | 'reset' | 'timeout' | 'cut';
  readonly asked?: Partial<Asked>;
  readonly codes?: readonly Code[];
  readonly doubts?: readonly DoubtCode[];
}

export const good = { body: {}, status: 'NORMAL', type: null, timestamp: '2020-01-01T00:00:00.5+02:00' };
const errorBody = { detailCode: '400.1 Bad', trackingId: 'x', messages: [{ locale: null, text: 'no' }] };
const limitBody = { message: ' Rate Limit Exceeded ' };
const DATE: HeaderLine = ['Date', 'Sat, 21 Nov 2026 07:00:00 GMT'];
const wait = (value: string): HeaderLine => ['Retry-After', value];

const rows: Record<string, Row> = {
  'a good answer': { body: good },
  'a good answer with more properties': { body: { ...good, extra: 1 } },
  'a server error': { status: 500, body: errorBody, codes: ['response.status.server-error'] },
  'a server error that was arranged': { status: 500, body: errorBody, asked: { expectation: 'failing' } },
  'a page of a gateway': {
    status: 502,
    text: '<html>',
    contentType: 'text/html',
    doubts: ['environment.gateway'],
  },
  '503 of the service itself': { status: 503, body: errorBody, codes: ['response.status.server-error'] },
  'a broken connection': { failure: 'reset', codes: ['response.connection.lost'] },
  'no answer in time': { failure: 'timeout', codes: ['response.connection.lost'] },
  'nobody there': { failure: 'refused', doubts: ['environment.unreachable'] },
  'a stack frame': {
    status: 400,
    body: { ...errorBody, e: 'at com.acme.Service.run(Service.java:42)' },
    asked: { expectation: 'reject' },
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
  'a page of the service itself': {
    status: 500,
    text: '<html>',
    contentType: 'text/html',
    codes: ['response.status.server-error', 'response.content-type.undocumented'],
  },
  'the word stacktrace': { body: { ...good, body: { stacktrace: '', forbidden: true } } },
  'our own token': { body: { ...good, body: { t: '<user token>' } }, codes: ['response.body.leak'] },
  'an undocumented success': { status: 201, body: good, codes: ['response.status.undocumented'] },
  'an undocumented refusal': {
    status: 422,
    body: errorBody,
    asked: { expectation: 'reject' },
    codes: ['response.status.undocumented'],
  },
  'no content type': { body: good, contentType: null, codes: ['response.content-type.undocumented'] },
  'another charset': {
    body: good,
    contentType: 'application/json;charset=latin1',
    codes: ['response.content-type.undocumented'],
  },
  'a content type with parameters': { body: good, contentType: 'application/json; charset=UTF-8' },
  'an empty body': { text: '', codes: ['response.body.schema'] },
  'a status in lower case': { body: { ...good, status: 'normal' }, codes: ['response.body.schema'] },
  'a day that does not exist': {
    body: { ...good, timestamp: '2023-02-30T00:00:00Z' },
    codes: ['response.body.schema'],
  },
  'bytes that the engine replaced': {
    raw: { kind: 'text', text: JSON.stringify({ ...good, body: { x: '\uFFFD' } }) },
    doubts: ['engine.body-replaced'],
  },
  'bytes that are no UTF-8': {
    raw: { kind: 'bytes', bytes: new Uint8Array([255]) },
    codes: ['response.body.schema'],
  },
  '401 without a challenge': {
    status: 401,
    body: { error: 'x' },
    asked: { expectation: 'unauthorized' },
    codes: ['response.www-authenticate.missing'],
  },
  '401 with a challenge': {
    status: 401,
    body: { error: 'x' },
    headers: [['www-authenticate', 'Bearer']],
    asked: { expectation: 'unauthorized' },
  },
  '401 out of the blue': {
    status: 401,
    body: { error: 'x' },
    headers: [['www-authenticate', 'Bearer']],
    doubts: ['environment.unauthorized'],
  },
  '403 out of the blue': { status: 403, body: errorBody, doubts: ['environment.forbidden'] },
  '404 before the client is known': {
    status: 404,
    body: errorBody,
    asked: { clientKnown: false },
    doubts: ['environment.unknown-client'],
  },
  '404 for a known client': { status: 404, body: errorBody, codes: ['request.valid.rejected'] },
  'a good 429': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('10')],
    doubts: ['environment.rate-limited'],
  },
  'a good 429 where it was asked for': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('10')],
    asked: { expectation: 'limited' },
  },
  'a 429 with a date': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('Sat, 21 Nov 2026 07:00:09 GMT')],
    asked: { expectation: 'accept-or-limited' },
  },
  ...Object.fromEntries(
    ['-1', '1.5', 'soon', '0', '5, 7', '3601', 'Sat, 21 Nov 2026 06:00:00 GMT', '1e3'].map(
      (value): [string, Row] => [
        `a 429 with Retry-After ${value}`,
        {
          status: 429,
          body: limitBody,
          headers: [DATE, wait(value)],
          asked: { expectation: 'limited' },
          codes: ['rate-limit.retry-after.unusable'],
        },
      ],
    ),
  ),
  'a 429 without Retry-After': {
    status: 429,
    body: limitBody,
    headers: [DATE],
    asked: { expectation: 'limited' },
    codes: ['rate-limit.retry-after.unusable'],
  },
  'a 429 that a cache may keep': {
    status: 429,
    body: limitBody,
    headers: [DATE, wait('5'), ['Cache-Control', 'max-age=60']],
    asked: { expectation: 'limited' },
    codes: ['rate-limit.response.shape'],
  },
  'a 429 without a message': {
    status: 429,
    body: {},
    headers: [DATE, wait('5')],
    asked: { expectation: 'limited' },
    codes: ['rate-limit.response.shape'],
  },
  'an invalid request accepted': {
    body: good,
    asked: { expectation: 'reject' },
    codes: ['request.invalid.accepted'],
  },
  'an invalid request accepted with an odd body: one bug, one report': {
    body: {},
    asked: { expectation: 'reject' },
    codes: ['request.invalid.accepted'],
  },
  'an invalid request refused': { status: 400, body: errorBody, asked: { expectation: 'reject' } },
  'an invalid request not found': {
    status: 404,
    body: errorBody,
    asked: { expectation: 'reject' },
    codes: ['request.invalid.wrong-4xx'],
  },
  'a media type accepted': {
    body: good,
    asked: { expectation: 'reject-media' },
    codes: ['request.media.accepted'],
  },
  'a media type refused with 415': {
    status: 415,
    body: errorBody,
    asked: { expectation: 'reject-media' },
    codes: ['response.status.undocumented'],
  },
  'a valid request refused': { status: 400, body: errorBody, codes: ['request.valid.rejected'] },
  'an open question refused': { status: 400, body: errorBody, asked: { expectation: 'either' } },
  'another token, refused while a limiter is asked': {
    status: 403,
    body: errorBody,
    asked: { expectation: 'either-or-limited' },
  },
  'an unknown id accepted': {
    body: good,
    asked: { expectation: 'not-found' },
    codes: ['request.id.accepted'],
  },
  'an unknown id refused otherwise': {
    status: 400,
    body: errorBody,
    asked: { expectation: 'not-found' },
    codes: ['request.id.wrong-status'],
  },
  'a method that does not exist accepted': {
    text: '',
    asked: { operation: undefined, expectation: 'no-operation' },
    codes: ['request.method.accepted'],
  },
  'a method that does not exist refused': {
    status: 405,
    text: '',
    asked: { operation: undefined, expectation: 'no-operation' },
  },
  'let in without a token': { body: good, asked: { expectation: 'unauthorized' }, codes: ['auth.accepted'] },
  'no token answered with 403': {
    status: 403,
    body: errorBody,
    asked: { expectation: 'unauthorized' },
    codes: ['auth.wrong-status'],
  },
  'a right that was refused': {
    status: 403,
    body: errorBody,
    asked: { expectation: 'authorized' },
    codes: ['auth.wrong-status'],
  },
  'a right that was used for nothing': {
    status: 400,
    body: errorBody,
    asked: { expectation: 'authorized' },
    codes: ['request.valid.rejected'],
  },
};

export const judgeCases: readonly JudgeCase[] = Object.entries(rows).map(([name, row]) => ({
  name,
  exchange: exchangeOf(row),
  asked: { operation: 'getManagedClientStatus', expectation: 'accept', clientKnown: true, ...row.asked },
  codes: row.codes ?? [],
  doubts: row.doubts ?? [],
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
}: Row): Exchange {
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
