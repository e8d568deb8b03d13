import type { HttpResponse } from '../http/exchange.ts';
import type { Asked } from './asked.ts';
import type { Code } from './codes.ts';
import { doubt, violation, type Remark } from './remark.ts';

interface ClassVerdict {
  /** Statuses that keep the promise. `any`: only the universal rules speak. */
  readonly pass: readonly number[] | 'any' | 'any but success';
  /** Undocumented and still sensible: the status rule reports them, the class does not. */
  readonly tolerated: readonly number[];
  /** Undefined where the status rule alone speaks of an unexpected success. */
  readonly onSuccess: Code | undefined;
  readonly otherwise: Code;
  readonly documented: string;
}

const INVALID = { onSuccess: 'request.invalid.accepted', otherwise: 'request.invalid.wrong-4xx' } as const;
const ID = { onSuccess: 'request.id.accepted', otherwise: 'request.id.wrong-status' } as const;
const AUTH = { onSuccess: 'auth.accepted', otherwise: 'auth.wrong-status' } as const;
const VALID = { onSuccess: undefined, otherwise: 'request.valid.rejected' } as const;

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
  authorized: {
    pass: [200],
    tolerated: [],
    onSuccess: undefined,
    otherwise: 'auth.wrong-status',
    documented: '200',
  },
  unauthorized: { pass: [401], tolerated: [], ...AUTH, documented: '401' },
  forbidden: { pass: [403], tolerated: [], ...AUTH, documented: '403' },
  'not-found': { pass: [404], tolerated: [], ...ID, documented: '404' },
  'reject-id': { pass: [400, 404], tolerated: [414, 431], ...ID, documented: '400 or 404' },
  'no-operation': {
    pass: 'any but success',
    tolerated: [],
    onSuccess: 'request.method.accepted',
    otherwise: 'request.method.accepted',
    documented: 'no such operation',
  },
  limited: { pass: [429], tolerated: [], ...INVALID, documented: '429' },
  failing: { pass: [500], tolerated: [], ...INVALID, documented: '500' },
} as const satisfies Record<string, ClassVerdict>;

export type Expectation = keyof typeof expectations;

/** The class verdict: was a request of this kind answered as documented? Server errors are judged elsewhere. */
export function judgeExpectation(response: HttpResponse, asked: Asked): Remark[] {
  const verdict: ClassVerdict = expectations[asked.expectation];
  const { status } = response;
  if (passes(verdict, status)) return [];
  const environment = environmentDoubt(status, asked);
  if (environment !== undefined) return [doubt(environment, { status })];
  if (status >= 500 || status < 200) return [];
  if (verdict.pass === 'any' || verdict.tolerated.includes(status)) return [];
  const code = status < 300 ? verdict.onSuccess : verdict.otherwise;
  if (code === undefined) return [];
  return [
    violation(code, { site: asked.cell?.group ?? '', details: { status, documented: verdict.documented } }),
  ];
}

function passes({ pass }: ClassVerdict, status: number): boolean {
  if (pass === 'any') return false; // a 429 or 401 still has to be asked about
  if (pass === 'any but success') return status >= 300 && status < 500 && status !== 429;
  return pass.includes(status);
}

/** Where 401 and 403 are what was asked about. */
const asksAboutRights: readonly Expectation[] = ['authorized', 'unauthorized', 'forbidden'];

/** Answers that say something of the surroundings and nothing of the request: never a pass, never a finding. */
function environmentDoubt(status: number, asked: Asked) {
  if (status === 429) return 'environment.rate-limited';
  if (status === 408) return 'environment.gateway';
  if (asksAboutRights.includes(asked.expectation)) return undefined;
  if (status === 401) return 'environment.unauthorized';
  if (status === 403) return 'environment.forbidden';
  if (status === 404 && !asked.clientKnown) return 'environment.unknown-client';
  return undefined;
}
