import { documentedStatuses } from '../api/operations.ts';
import type { Code } from './codes.ts';

/** The responses that a kind of request may have, and the codes for the others. */
export interface ExpectedAnswer {
  /** Statuses that meet the expectation. With `any`, only the rules for all responses apply. */
  readonly pass: readonly number[] | 'any' | 'any but success';
  /** Undocumented but sensible statuses. The rule for documented statuses reports them. */
  readonly tolerated: readonly number[];
  /** Code for an unexpected 2xx. Undefined: the rule for documented statuses reports it. */
  readonly onSuccess: Code | undefined;
  /** Code for any other unexpected status. Undefined: the layer that sent the request reports it. */
  readonly otherwise: Code | undefined;
  /** Code for 401 and 403, if the request tests authorization. */
  readonly onRefusal?: Code;
  readonly documented: string;
}

const INVALID = { onSuccess: 'request.invalid.accepted', otherwise: 'request.invalid.wrong-4xx' } as const;
const ID = { onSuccess: 'request.id.accepted', otherwise: 'request.id.wrong-status' } as const;
const AUTH = { onSuccess: 'auth.accepted', otherwise: 'auth.wrong-status' } as const;
const VALID = { onSuccess: undefined, otherwise: 'request.valid.rejected' } as const;
const SET_UP = { onSuccess: undefined, otherwise: undefined } as const;

/** Kinds of requests by what they expect. */
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
  // A contract about authorization decides itself whether 401 and 403 are right.
  'either-or-refused': { pass: 'any', tolerated: [], ...SET_UP, documented: 'any documented status' },
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
    pass: documentedStatuses.filter((status) => status < 500),
    tolerated: [],
    ...SET_UP,
    documented: 'any documented status',
  },
  limited: { pass: [429], tolerated: [], ...SET_UP, documented: '429' },
  failing: { pass: [500], tolerated: [], ...SET_UP, documented: '500' },
} as const satisfies Record<string, ExpectedAnswer>;

export type Expectation = keyof typeof expectations;
