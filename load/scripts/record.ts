import type { RefinedResponse } from 'k6/http';

import {
  headerValue,
  judge,
  markIn,
  placeholder,
  type Asked,
  type Exchange,
  type HeaderLine,
  type HttpFailure,
} from '../../core/index.ts';
import { task } from './task.ts';
import { READ_BACK, type TraceLine } from './trace.ts';

type TextResponse = RefinedResponse<'text'>;

export interface Shot {
  readonly phase: string;
  readonly asked: Asked;
  readonly method: string;
  readonly url: string;
  /** Whose token was shown. */
  readonly caller: string;
  /** All others that were sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly response: TextResponse;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** k6 joins repeated header lines, decodes bodies to text, and gives status 0 where there is no usable answer. */
export function exchangeOf({ method, url, caller, headers, body, ...shot }: Shot): Exchange {
  const { response, startedAt, endedAt } = shot;
  return {
    request: {
      method,
      url,
      headers: [['Authorization', `Bearer ${placeholder(caller, 'token')}`], ...Object.entries(headers)],
      body: body === null ? { kind: 'none' } : { kind: 'text', text: body },
    },
    answer: response.status === 0 ? failureOf(response) : responseOf(response),
    sentAt: startedAt,
    receivedAt: endedAt,
  };
}

function responseOf(response: TextResponse): Exchange['answer'] {
  const headers = Object.entries(response.headers).map(([name, value]): HeaderLine => [name, value]);
  // k6 gives null for a body that is not there, as after 204.
  const body = { kind: 'text', text: response.body ?? '' } as const;
  return { kind: 'response', status: response.status, headers, headerLines: 'joined', body };
}

// k6 error codes: 11xx DNS, 1212 refused, 1050 timeout; all else is a connection that broke.
function failureOf({ error, error_code: code }: TextResponse): HttpFailure {
  const refused = code === 1212 || code === 1210 || (code >= 1100 && code < 1200);
  const reason = refused ? 'refused' : code === 1050 ? 'timeout' : 'reset';
  return { kind: 'failure', reason, detail: error };
}

// A limiter answers the same thing over and over; judging a repeated answer once makes the judge as cheap as none.
const memo = new Map<string, TraceLine['remarks']>();
const MEMO_SIZE = 1000;

function remarksOn(exchange: Exchange, asked: Asked): TraceLine['remarks'] {
  const key = keyOf(exchange, asked);
  const known = memo.get(key);
  if (known !== undefined) return known;
  const { violations, doubts } = judge(exchange, asked);
  if (memo.size >= MEMO_SIZE) memo.clear();
  const remarks = [...violations, ...doubts];
  memo.set(key, remarks);
  return remarks;
}

/** Everything that a rule may read. */
function keyOf({ answer }: Exchange, { operation, expectation }: Asked): string {
  if (answer.kind === 'failure') return [operation, expectation, answer.reason, answer.detail].join('\n');
  const { status, headers, body } = answer;
  const lines = headers.map(([name, value]) =>
    status !== 429 && IGNORED.includes(name) ? '' : `${name}: ${value}`,
  );
  return [operation, expectation, status, ...lines, body.kind === 'text' ? body.text : ''].join('\n');
}

/** What no rule reads and what differs in every answer, spelt as Go spells it. */
const IGNORED: readonly string[] = ['Slpt-Request-Id', 'Date'];

function markOf({ phase, body, response }: Shot): string | undefined {
  if (body !== null) return markIn(body);
  return phase === READ_BACK ? markIn(response.body ?? '') : undefined;
}

/** Phases and the statuses that were seen in them: the first of each kind is shown where something follows from many. */
const seen = new Set<string>();

function isFirst({ phase, response: { status } }: Shot): boolean {
  const size = seen.size;
  return seen.add(`${status} ${phase}`).size > size;
}

const QUOTA_HEADER = /^(x-)?rate-?limit/i;

/** Did a request wait for a new connection? */
export function isDialled({ timings }: TextResponse): boolean {
  return timings.connecting > 0;
}

/** Judges an exchange and writes it down as one line of JSON. */
export function record(shot: Shot): void {
  const exchange = exchangeOf(shot);
  const { answer } = exchange;
  const remarks = task.mode === 'judge' ? remarksOn(exchange, shot.asked) : [];
  const { response } = shot;
  const mark = markOf(shot);
  const headers = answer.kind === 'response' ? answer.headers : [];
  const told = headers.filter(([name]) => QUOTA_HEADER.test(name));
  const line: TraceLine = {
    phase: shot.phase,
    method: shot.method,
    sentAt: shot.startedAt,
    receivedAt: shot.endedAt,
    durationMs: response.timings.duration,
    status: response.status,
    retryAfter: headerValue(headers, 'retry-after') ?? null,
    date: headerValue(headers, 'date') ?? null,
    ...(told.length > 0 && { quotaHeaders: told }),
    ...(isDialled(response) && { dialled: true }),
    ...(mark !== undefined && { mark }),
    remarks,
    ...(shot.asked.operation === undefined && { undocumented: true }),
    ...((isFirst(shot) || remarks.length > 0) && task.mode === 'judge' && { exchange }),
  };
  console.log(JSON.stringify(line));
}
