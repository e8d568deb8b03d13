import type { Code } from './codes.ts';

export interface ClassVerdict {
  /** Statuses that keep the promise. `any`: only the universal rules speak. */
  readonly pass: readonly number[] | 'any' | 'any but success';
  /** Undocumented and still sensible: the status rule reports them, the class does not. */
  readonly tolerated: readonly number[];
  /** Undefined where the status rule alone speaks of an unexpected success. */
  readonly onSuccess: Code | undefined;
  /** Undefined where other layers have better words: a class that only a provider state brings about. */
  readonly otherwise: Code | undefined;
  /** For 401 and 403, where the right to ask is what the request is about. */
  readonly onRefusal?: Code;
  readonly documented: string;
}

const INVALID = { onSuccess: 'request.invalid.accepted', otherwise: 'request.invalid.wrong-4xx' } as const;
const ID = { onSuccess: 'request.id.accepted', otherwise: 'request.id.wrong-status' } as const;
const AUTH = { onSuccess: 'auth.accepted', otherwise: 'auth.wrong-status' } as const;
const VALID = { onSuccess: undefined, otherwise: 'request.valid.rejected' } as const;

const ARRANGED = { onSuccess: undefined, otherwise: undefined } as const;

/** Classes of requests and the answers each allows. */
export const expectations = {
  accept: { pass: [200], tolerated: [], ...VALID, documented: '200' },
  reject: { pass: [400], tolerated: [413, 422, 431], ...INVALID, documented: '400' },
  'reject-encoding': { pass: [400], tolerated: [413, 415, 422, 431], ...INVALID, documented: '400' },
  'reject-media': {
    pass: [400, 415],
    tolerated: [406],
    onSuccess: 'request.media.accepted',
    otherwise: 'request.invalid.wrong-4xx',
    documented: '400 or 415',
  },
  either: { pass: 'any', tolerated: [], ...VALID, documented: 'any documented status' },
  authorized: { pass: [200], tolerated: [], ...VALID, onRefusal: 'auth.wrong-status', documented: '200' },
  unauthorized: { pass: [401], tolerated: [], ...AUTH, documented: '401' },
  forbidden: { pass: [403], tolerated: [], ...AUTH, documented: '403' },
  'not-yours': { pass: [403, 404], tolerated: [], ...AUTH, documented: '403 or 404' },
  'not-found': { pass: [404], tolerated: [], ...ID, documented: '404' },
  'reject-id': { pass: [400, 404], tolerated: [414, 431], ...ID, documented: '400 or 404' },
  'no-operation': {
    pass: 'any but success',
    tolerated: [],
    onSuccess: 'request.method.accepted',
    otherwise: 'request.method.accepted',
    documented: 'no such operation',
  },
  'accept-or-limited': { pass: [200, 429], tolerated: [], ...VALID, documented: '200 or 429' },
  'either-or-limited': {
    pass: [200, 400, 401, 403, 404, 429],
    tolerated: [],
    ...ARRANGED,
    documented: 'any documented status',
  },
  limited: { pass: [429], tolerated: [], ...ARRANGED, documented: '429' },
  failing: { pass: [500], tolerated: [], ...ARRANGED, documented: '500' },
} as const satisfies Record<string, ClassVerdict>;

export type Expectation = keyof typeof expectations;
