import type { RefinedResponse } from 'k6/http';

import {
  headerValue,
  judge,
  placeholder,
  writeIdIn,
  type CheckResult,
  type Exchange,
  type HeaderLine,
  type HttpFailure,
  type RequestIntent,
} from '../../../core/index.ts';
import { task } from '../task.ts';
import { READ_BACK, type LoadExchange } from '../trace.ts';

type TextResponse = RefinedResponse<'text'>;

/** A request and the response of k6. */
export interface RecordedRequest {
  readonly step: string;
  readonly intent: RequestIntent;
  readonly method: string;
  readonly url: string;
  /** The principal whose token was sent. */
  readonly caller: string;
  readonly accessToken: string;
  /** All other headers. */
  readonly headers: readonly HeaderLine[];
  readonly body: string | null;
  readonly response: TextResponse;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** k6 joins repeated header lines, decodes bodies to text, and returns status 0 without a usable response. */
function exchangeOf(recorded: RecordedRequest): Exchange {
  const { method, url, caller, headers, body, response, sentAt, receivedAt } = recorded;
  return {
    request: {
      method,
      url,
      headers: [['Authorization', `Bearer ${placeholder(caller, 'token')}`], ...headers],
      body: body === null ? { kind: 'none' } : { kind: 'text', text: body },
    },
    answer: response.status === 0 ? failureOf(response) : responseOf(recorded),
    sentAt,
    receivedAt,
  };
}

/** The rule for leaks recognizes the placeholder of a token. */
function responseOf({ response, accessToken, caller }: RecordedRequest): Exchange['answer'] {
  const mask = (text: string): string =>
    text.includes(accessToken) ? text.split(accessToken).join(placeholder(caller, 'token')) : text;
  const headers = Object.entries(response.headers).map(([name, value]): HeaderLine => [name, mask(value)]);
  // The body of a 204 is null.
  const body = { kind: 'text', text: mask(response.body ?? '') } as const;
  return { kind: 'response', status: response.status, headers, headerLines: 'joined', body };
}

/** Error codes of k6: 11xx DNS, 1210 and 1212 refused, 13xx TLS, 1050 timeout. The others are broken connections. */
function failureOf({ error, error_code: code }: TextResponse): HttpFailure {
  const isName = code >= 1100 && code < 1200;
  const isTls = (code >= 1300 && code < 1400) || SET_UP_ERROR.test(error);
  const isRefused = code === 1212 || code === 1210 || isName || isTls;
  const reason = isRefused ? 'refused' : code === 1050 ? 'timeout' : 'reset';
  return { kind: 'failure', reason, detail: error };
}

/** Errors without a code of their own that Go reports for a certificate, a port without TLS and a proxy. */
const SET_UP_ERROR = /x509: |\btls: |HTTP response to HTTPS client|proxyconnect /;

/** Remembers results, because a service under load returns few different responses and k6 judges slowly. */
const knownResults = new Map<string, readonly CheckResult[]>();
const MAX_KNOWN_RESULTS = 1000;

function judgeOnce(exchange: Exchange, intent: RequestIntent): readonly CheckResult[] {
  const key = keyOf(exchange, intent);
  const known = knownResults.get(key);
  if (known !== undefined) return known;
  const { violations, inconclusive } = judge(exchange, intent);
  if (knownResults.size >= MAX_KNOWN_RESULTS) knownResults.clear();
  const results = [...violations, ...inconclusive];
  knownResults.set(key, results);
  return results;
}

/** All parts of an exchange that a rule reads. */
function keyOf({ request, answer }: Exchange, { operation, expectation }: RequestIntent): string {
  const sent = request.body.kind === 'text' ? request.body.text : '';
  const common = [operation, expectation, request.url, sent];
  if (answer.kind === 'failure') return [...common, answer.reason, answer.detail].join('\n');
  const { status, headers, body } = answer;
  const lines = headers.map(([name, value]) =>
    status !== 429 && VARYING_HEADERS.includes(name) ? '' : `${name}: ${value}`,
  );
  return [...common, status, ...lines, body.kind === 'text' ? body.text : ''].join('\n');
}

/** Headers that differ in every response and that no rule reads, in the spelling of Go. */
const VARYING_HEADERS: readonly string[] = ['Slpt-Request-Id', 'Date'];

function writeIdOf({ step, body, response }: RecordedRequest): string | undefined {
  if (body !== null) return writeIdIn(body);
  return step === READ_BACK ? writeIdIn(response.body ?? '') : undefined;
}

/** Remembers the steps and statuses of which one exchange was written in full. */
const writtenSteps = new Set<string>();

function isFirst({ step, response: { status } }: RecordedRequest): boolean {
  const before = writtenSteps.size;
  return writtenSteps.add(`${status} ${step}`).size > before;
}

const QUOTA_HEADER = /^(x-)?rate-?limit/i;

export function isNewConnection({ timings }: TextResponse): boolean {
  return timings.connecting > 0;
}

/** Judges an exchange and writes it as one line of JSON. */
export function record(recorded: RecordedRequest): void {
  const { step, intent, method, response, sentAt, receivedAt } = recorded;
  const exchange = exchangeOf(recorded);
  const { answer } = exchange;
  const results = task.mode === 'judge' ? judgeOnce(exchange, intent) : [];
  const writeId = writeIdOf(recorded);
  const headers = answer.kind === 'response' ? answer.headers : [];
  const quotaHeaders = headers.filter(([name]) => QUOTA_HEADER.test(name));
  const isComplete = task.mode === 'judge' && (isFirst(recorded) || results.length > 0);
  const line: LoadExchange = {
    step,
    method,
    ...(intent.operation && { operation: intent.operation }),
    sentAt,
    receivedAt,
    durationMs: response.timings.duration,
    status: response.status,
    retryAfter: headerValue(headers, 'retry-after') ?? null,
    date: headerValue(headers, 'date') ?? null,
    ...(quotaHeaders.length > 0 && { quotaHeaders }),
    ...(isNewConnection(response) && { isNewConnection: true }),
    ...(writeId !== undefined && { writeId }),
    results,
    ...(isComplete && { exchange }),
  };
  console.log(JSON.stringify(line));
}
