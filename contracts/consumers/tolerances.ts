import { TIMESTAMP } from './examples.ts';
import type { ConsumerName } from './sdk.ts';

/**
 * How an SDK takes an answer: it hands on what came, fails, or silently hands on something else
 * (an empty status, the year 1).
 */
export type Taking = 'ok' | 'fails' | 'wrong';

/** An answer that is not what the beta document promises today, and what each SDK makes of it. */
export interface Tolerance {
  readonly name: string;
  /** What of a status this changes, as schemas can allow it; undefined where it is no matter of a schema. */
  readonly change?: Change;
  readonly answer: Answer;
  readonly takings: Readonly<Record<ConsumerName, Taking>>;
}

/** A change of the schema of a status that consumers may or may not survive. */
export interface Change {
  readonly member: 'body' | 'status' | 'type' | 'timestamp' | 'other' | 'answer';
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

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const sound = { body: { id: '4711', state: null }, status: 'NORMAL', type: 'CCG', timestamp: TIMESTAMP };

function json(body: object, { status = 200, contentType = 'application/json' } = {}): Answer {
  return { status, contentType, body: JSON.stringify(body) };
}

function without(member: keyof typeof sound): Answer {
  return json(Object.fromEntries(Object.entries(sound).filter(([name]) => name !== member)));
}

function takings(typescript: Taking, python: Taking, go: Taking): Tolerance['takings'] {
  return { 'typescript-sdk': typescript, 'python-sdk': python, 'go-sdk': go };
}

function changed(
  name: string,
  change: Change,
  answer: Answer,
  [typescript, python, go]: readonly [Taking, Taking, Taking],
): Tolerance {
  return { name, change, answer, takings: takings(typescript, python, go) };
}

/** Pinned by sdk-behaviour.test.ts on the real SDKs. TypeScript checks nothing: it hands on whatever came. */
export const tolerances: readonly Tolerance[] = [
  changed('a new status', { member: 'status', kind: 'new-value' }, json({ ...sound, status: 'SPLENDID' }), [
    'ok',
    'fails',
    'ok',
  ]),
  changed('a status that is null', { member: 'status', kind: 'nullable' }, json({ ...sound, status: null }), [
    'ok',
    'fails',
    'wrong',
  ]),
  changed('no status', { member: 'status', kind: 'optional' }, without('status'), ['ok', 'fails', 'fails']),
  changed('a new type', { member: 'type', kind: 'new-value' }, json({ ...sound, type: 'TOASTER' }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('a type that is null', { member: 'type', kind: 'nullable' }, json({ ...sound, type: null }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('no type', { member: 'type', kind: 'optional' }, without('type'), ['ok', 'wrong', 'fails']),
  changed('a body that is null', { member: 'body', kind: 'nullable' }, json({ ...sound, body: null }), [
    'ok',
    'fails',
    'ok',
  ]),
  changed('no body', { member: 'body', kind: 'optional' }, without('body'), ['ok', 'fails', 'fails']),
  changed('a body that is an array', { member: 'body', kind: 'other-type' }, json({ ...sound, body: [] }), [
    'ok',
    'fails',
    'fails',
  ]),
  changed(
    'a timestamp that is null',
    { member: 'timestamp', kind: 'nullable' },
    json({ ...sound, timestamp: null }),
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
    json({ ...sound, timestamp: Date.parse(TIMESTAMP) }),
    ['ok', 'ok', 'wrong'],
  ),
  changed(
    'a timestamp that is a date',
    { member: 'timestamp', kind: 'other-format' },
    json({ ...sound, timestamp: '2024-03-11' }),
    ['ok', 'ok', 'wrong'],
  ),
  changed('another member', { member: 'other', kind: 'added' }, json({ ...sound, health: 'good' }), [
    'ok',
    'ok',
    'ok',
  ]),
  changed('201', { member: 'answer', kind: 'other-status' }, json(sound, { status: 201 }), [
    'ok',
    'wrong',
    'ok',
  ]),
  {
    name: 'a page',
    answer: { status: 200, contentType: 'text/html', body: '<p>hello</p>' },
    takings: takings('wrong', 'fails', 'fails'),
  },
  changed(
    'problem+json',
    { member: 'answer', kind: 'other-media' },
    json(sound, { contentType: 'application/problem+json' }),
    ['ok', 'fails', 'ok'],
  ),
  {
    name: 'JSON that is cut',
    answer: { status: 200, contentType: 'application/json', body: '{"status":"NOR' },
    takings: takings('wrong', 'fails', 'fails'),
  },
];
