// Pacts as other libraries write them. Each is the pact of a consumer of its own.

type WrittenObject = Record<string, unknown>;
export type InteractionVerdict = 'verified' | 'failed' | 'pending' | 'skipped' | 'inconclusive';

export interface ForeignPact {
  readonly interactions: readonly unknown[];
  readonly messages?: readonly unknown[];
  readonly metadata?: WrittenObject;
  /** The result of each interaction. */
  readonly results: readonly InteractionVerdict[];
  /** The success that the broker receives; undefined if nothing is published. */
  readonly published: boolean | undefined;
}

export const reported = { name: 'the managed client has reported' };
export const reportable = { name: 'the managed client may be reported by the caller' };
const PATH = '/beta/managed-clients/aClientId/status';

export const versions = ['2.0.0', '3.0.0', '4.0'] as const;
export type Version = (typeof versions)[number];

/** The forms of a specification version. */
export const forms: Record<
  Version,
  {
    states(states: readonly { name: string }[]): WrittenObject;
    query(type: string): unknown;
    header(value: string): unknown;
    body(json: unknown): unknown;
    bodyRules(path: string, match: WrittenObject): WrittenObject;
    type: WrittenObject;
  }
> = {
  '2.0.0': {
    states: ([state]) => (state === undefined ? {} : { providerState: state.name }),
    query: (type) => `type=${type}`,
    header: (value) => value,
    body: (json) => json,
    bodyRules: (path, match) => ({ [`$.body${path}`]: match }),
    type: {},
  },
  '3.0.0': {
    states: (states) => ({ providerStates: states }),
    query: (type) => ({ type: [type] }),
    header: (value) => value,
    body: (json) => json,
    bodyRules: (path, match) => ({ body: { [`$${path}`]: { matchers: [match] } } }),
    type: {},
  },
  '4.0': {
    states: (states) => ({ providerStates: states }),
    query: (type) => ({ type: [type] }),
    header: (value) => [value],
    body: (json) => ({ content: json, contentType: 'application/json', encoded: false }),
    bodyRules: (path, match) => ({ body: { [`$${path}`]: { matchers: [match] } } }),
    type: { type: 'Synchronous/HTTP' },
  },
};

export function readOf(
  version: Version,
  more: {
    description?: string;
    request?: WrittenObject;
    response?: WrittenObject;
    states?: { name: string }[];
  } = {},
): WrittenObject {
  const form = forms[version];
  const { description = 'a read', request = {}, response = {}, states = [reported] } = more;
  return {
    ...form.type,
    description,
    ...form.states(states),
    request: {
      method: 'GET',
      path: PATH,
      query: form.query('CCG'),
      headers: { Authorization: form.header('Bearer x') },
      ...request,
    },
    response: { status: 200, ...response },
  };
}

export const report = {
  body: { id: '4711' },
  status: 'NORMAL',
  type: 'CCG',
  timestamp: '2026-03-01T10:00:00.000000Z',
};

export function reportOf(
  version: Version,
  body: unknown,
  status: number,
  description = 'a report',
): WrittenObject {
  const form = forms[version];
  const headers = { Authorization: form.header('Bearer x'), 'Content-Type': form.header('application/json') };
  return {
    ...form.type,
    description,
    ...form.states([reportable]),
    request: { method: 'POST', path: PATH, headers, body: form.body(body) },
    response: { status },
  };
}

/** The kinds of pacts for one version. */
export function pactsOf(version: Version): Record<string, ForeignPact> {
  const read = readOf(version);
  const { body, bodyRules, query } = forms[version];
  const verified = (...interactions: unknown[]): ForeignPact => ({
    interactions,
    results: interactions.map(() => 'verified'),
    published: true,
  });
  return {
    plain: verified(read, reportOf(version, report, 200)),
    'lower-case method': verified(readOf(version, { request: { method: 'get' } })),
    'without a description': verified({ ...read, description: undefined }),
    'without a token': verified(readOf(version, { request: { headers: { Accept: '*/*' } } })),
    'without states': verified(readOf(version, { states: [] })),
    'states are null': verified({ ...read, providerStates: null, providerState: undefined }),
    'without a state, of an unknown id': verified(
      readOf(version, {
        states: [],
        request: { path: '/beta/managed-clients/nobody/status' },
        response: { status: 404 },
      }),
    ),
    'without a state or a token': verified(
      readOf(version, { states: [], request: { headers: {} }, response: { status: 401 } }),
    ),
    'without a response': verified({ ...read, response: undefined }),
    'a body of null': verified(reportOf(version, null, 400)),
    'a body of a list': verified(reportOf(version, [report], 400)),
    'a body of 200 kB': verified(reportOf(version, { ...report, body: { text: 'x'.repeat(200_000) } }, 200)),
    'a matching rule': verified(
      readOf(version, {
        response: { body: body({ type: 'VA' }), matchingRules: bodyRules('.type', { match: 'type' }) },
      }),
    ),
    'a wrong status': {
      interactions: [read, readOf(version, { description: 'another read', response: { status: 418 } })],
      results: ['verified', 'failed'],
      published: false,
    },
    'a missing member': {
      interactions: [readOf(version, { response: { body: body({ error: 'x' }) } })],
      results: ['failed'],
      published: false,
    },
    'equal names, the second fails': {
      interactions: [read, readOf(version, { response: { status: 500 } })],
      results: ['verified', 'failed'],
      published: false,
    },
    'equal names, the first fails': {
      interactions: [readOf(version, { response: { status: 500 } }), read],
      results: ['failed', 'verified'],
      published: false,
    },
    'an unknown state': {
      interactions: [
        read,
        readOf(version, { description: 'another', states: [{ name: 'a client has reported' }] }),
      ],
      results: ['verified', 'inconclusive'],
      published: undefined,
    },
    'another operation': {
      interactions: [
        read,
        readOf(version, { description: 'another', request: { path: '/beta/managed-clients' } }),
      ],
      results: ['verified', 'skipped'],
      published: undefined,
    },
    'an interaction that is null': {
      interactions: [read, null],
      results: ['verified', 'inconclusive'],
      published: undefined,
    },
    'interactions are null': { interactions: [], results: [], published: undefined },
    'a query of an unknown type': verified(
      readOf(version, {
        description: 'an unknown type',
        request: { query: query('TOASTER') },
        response: { status: 400 },
      }),
    ),
  };
}
