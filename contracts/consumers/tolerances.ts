import { TIMESTAMP } from './examples.ts';
import type { ConsumerName } from './sdk.ts';

/** The reaction of an SDK to a response: it returns the value, fails, or returns a wrong value such as the year 1. */
export type Reaction = 'ok' | 'fails' | 'wrong';

/** A response that is not documented today, with the reaction of each SDK. */
export interface Tolerance {
  readonly name: string;
  /** The change of the schema that would allow the response; undefined if no schema can. */
  readonly change?: ResponseChange;
  readonly response: SdkResponse;
  readonly behaviour: Readonly<Record<ConsumerName, Reaction>>;
}

/** A change of the response that consumers may not tolerate. */
export interface ResponseChange {
  readonly member: 'body' | 'status' | 'type' | 'timestamp' | 'other' | 'response';
  readonly kind:
    | 'optional'
    | 'nullable'
    | 'new-value'
    | 'other-type'
    | 'other-format'
    | 'added'
    | 'other-status'
    | 'other-media';
}

export interface SdkResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const documented = { body: { id: '4711', state: null }, status: 'NORMAL', type: 'CCG', timestamp: TIMESTAMP };

function json(body: object, { status = 200, contentType = 'application/json' } = {}): SdkResponse {
  return { status, contentType, body: JSON.stringify(body) };
}

function without(member: keyof typeof documented): SdkResponse {
  return json(Object.fromEntries(Object.entries(documented).filter(([name]) => name !== member)));
}

function reactions(typescript: Reaction, python: Reaction, go: Reaction): Tolerance['behaviour'] {
  return { 'typescript-sdk': typescript, 'python-sdk': python, 'go-sdk': go };
}

function changed(
  name: string,
  change: ResponseChange,
  response: SdkResponse,
  [typescript, python, go]: readonly [Reaction, Reaction, Reaction],
): Tolerance {
  return { name, change, response, behaviour: reactions(typescript, python, go) };
}

/** Verified with the real SDKs by sdk-behaviour.test.ts. The TypeScript SDK does not validate responses. */
export const tolerances: readonly Tolerance[] = [
  changed(
    'a new status',
    { member: 'status', kind: 'new-value' },
    json({ ...documented, status: 'SPLENDID' }),
    ['ok', 'fails', 'ok'],
  ),
  changed(
    'a status that is null',
    { member: 'status', kind: 'nullable' },
    json({ ...documented, status: null }),
    ['ok', 'fails', 'wrong'],
  ),
  changed('no status', { member: 'status', kind: 'optional' }, without('status'), ['ok', 'fails', 'fails']),
  changed('a new type', { member: 'type', kind: 'new-value' }, json({ ...documented, type: 'TOASTER' }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('a type that is null', { member: 'type', kind: 'nullable' }, json({ ...documented, type: null }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('no type', { member: 'type', kind: 'optional' }, without('type'), ['ok', 'wrong', 'fails']),
  changed('a body that is null', { member: 'body', kind: 'nullable' }, json({ ...documented, body: null }), [
    'ok',
    'fails',
    'ok',
  ]),
  changed('no body', { member: 'body', kind: 'optional' }, without('body'), ['ok', 'fails', 'fails']),
  changed(
    'a body that is an array',
    { member: 'body', kind: 'other-type' },
    json({ ...documented, body: [] }),
    ['ok', 'fails', 'fails'],
  ),
  changed(
    'a timestamp that is null',
    { member: 'timestamp', kind: 'nullable' },
    json({ ...documented, timestamp: null }),
    ['ok', 'fails', 'wrong'],
  ),
  changed('no timestamp', { member: 'timestamp', kind: 'optional' }, without('timestamp'), [
    'ok',
    'fails',
    'fails',
  ]),
  changed(
    'a timestamp in milliseconds',
    { member: 'timestamp', kind: 'other-type' },
    json({ ...documented, timestamp: Date.parse(TIMESTAMP) }),
    ['ok', 'ok', 'wrong'],
  ),
  changed(
    'a timestamp that is a date',
    { member: 'timestamp', kind: 'other-format' },
    json({ ...documented, timestamp: '2024-03-11' }),
    ['ok', 'ok', 'wrong'],
  ),
  changed('another member', { member: 'other', kind: 'added' }, json({ ...documented, health: 'good' }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('201', { member: 'response', kind: 'other-status' }, json(documented, { status: 201 }), [
    'ok',
    'wrong',
    'ok',
  ]),
  {
    name: 'an HTML page',
    response: { status: 200, contentType: 'text/html', body: '<p>hello</p>' },
    behaviour: reactions('wrong', 'fails', 'fails'),
  },
  changed(
    'problem+json',
    { member: 'response', kind: 'other-media' },
    json(documented, { contentType: 'application/problem+json' }),
    ['ok', 'fails', 'ok'],
  ),
  {
    name: 'truncated JSON',
    response: { status: 200, contentType: 'application/json', body: '{"status":"NOR' },
    behaviour: reactions('wrong', 'fails', 'fails'),
  },
];
