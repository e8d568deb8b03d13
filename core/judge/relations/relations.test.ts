import { expect, test } from '@jest/globals';

import type { Exchange } from '../../http/exchange.ts';
import { relations, type RelationName } from './index.ts';

const report = {
  body: { mchWrite: '1', n: null, list: [1, { a: 'x' }], zero: -0 },
  status: 'FAILED',
  type: 'CCG',
  timestamp: '2021-01-01T00:00:01.000Z',
};

function exchange(method: string, status: number, sent: unknown, got: unknown): Exchange {
  return {
    request: {
      method,
      url: 'http://x/',
      headers: [],
      body: { kind: 'text', text: JSON.stringify(sent ?? '') },
    },
    answer: {
      kind: 'response',
      status,
      headers: [],
      headerLines: 'separate',
      body: { kind: 'text', text: JSON.stringify(got) },
    },
    sentAt: 0,
    receivedAt: 1,
  };
}

const readBack = (got: object): Exchange[] => [
  exchange('POST', 200, report, {}),
  exchange('GET', 200, undefined, got),
];
const reads = (...names: string[]): Exchange[] =>
  names.map((status) => exchange('GET', 200, undefined, { ...report, status }));
const spellings = (...statuses: number[]): Exchange[] =>
  statuses.map((status) => exchange('POST', status, report, {}));

/** Sequential exchanges: each starts after the previous one has ended. */
const inOrder = (exchanges: readonly Exchange[]): Exchange[] =>
  exchanges.map((one, index) => ({ ...one, sentAt: 2 * index, receivedAt: 2 * index + 1 }));
const reportOf = (mchWrite: string, status = 'NORMAL'): object => ({
  ...report,
  status,
  body: { mchWrite },
  timestamp: `2021-01-01T00:00:0${mchWrite}.000Z`,
});
const at = (client: string, one: Exchange): Exchange => ({
  ...one,
  request: {
    ...one.request,
    url: `http://x/${client}/status${one.request.method === 'GET' ? '?type=CCG' : ''}`,
  },
});
const writeThenRead = (...writeIds: string[]): Exchange[] => [
  at('a', exchange('POST', 200, reportOf('0'), {})),
  ...writeIds.map((writeId) => at('a', exchange('GET', 200, undefined, reportOf(writeId)))),
];
const merged = (): Exchange[] => {
  const [first, second] = [
    { ...report, body: { earlier: 1 } },
    { ...report, body: { later: 1 } },
  ];
  return [
    exchange('POST', 200, first, {}),
    exchange('POST', 200, second, {}),
    exchange('GET', 200, undefined, { ...report, body: { earlier: 1, later: 1 } }),
  ];
};
const rejectedThenRead = (writeId: string): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('a', exchange('POST', 400, reportOf('1', 'x'), {})),
    at('a', exchange('GET', 200, undefined, reportOf(writeId))),
  ]);
/** Two writes, and reads after both. */
const staleReads = (...writeIds: string[]): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('a', exchange('POST', 200, reportOf('1'), {})),
    ...writeIds.map((writeId) => at('a', exchange('GET', 200, undefined, reportOf(writeId)))),
  ]);
const retried = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('a', exchange('POST', 200, reportOf('1'), {})),
    at('a', exchange('POST', 200, reportOf('1'), {})),
    at('a', exchange('GET', 200, undefined, reportOf('1'))),
  ]);
const lostWrite = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('a', exchange('GET', 200, undefined, report)),
    at('a', exchange('GET', 200, undefined, report)),
  ]);
const acceptedOnce = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('a', exchange('POST', 400, reportOf('0'), {})),
    at('a', exchange('GET', 200, undefined, reportOf('0'))),
  ]);
const twoClients = (writeId: string): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, reportOf('0'), {})),
    at('b', exchange('POST', 200, reportOf('1'), {})),
    at('a', exchange('GET', 200, undefined, reportOf(writeId))),
  ]);
const rejected = (status: number, after: object): Exchange[] => [
  exchange('GET', 200, undefined, report),
  exchange('POST', status, { ...report, status: 'x' }, {}),
  exchange('GET', 200, undefined, after),
];

test.each<[string, RelationName, Exchange[], string[]]>([
  ['an unchanged report', 'read-your-writes', readBack(report), []],
  [
    'added members',
    'read-your-writes',
    readBack({ ...report, body: { ...report.body, more: 1 }, extra: 2 }),
    [],
  ],
  [
    'the instant in another spelling',
    'read-your-writes',
    readBack({ ...report, timestamp: '2021-01-01T02:00:01+02:00' }),
    [],
  ],
  [
    'sub-millisecond digits',
    'read-your-writes',
    readBack({ ...report, timestamp: '2021-01-01T00:00:01.000000Z' }),
    [],
  ],
  [
    'another status',
    'read-your-writes',
    readBack({ ...report, status: 'ERROR' }),
    ['state.echo.corrupted /status'],
  ],
  [
    'another instant',
    'read-your-writes',
    readBack({ ...report, timestamp: '2021-01-01T00:00:02Z' }),
    ['state.echo.corrupted /timestamp'],
  ],
  [
    'a member that was dropped',
    'read-your-writes',
    readBack({ ...report, body: { mchWrite: '1', list: [1, { a: 'x' }], zero: 0 } }),
    ['state.echo.corrupted /body (missing)'],
  ],
  [
    'an item that was changed',
    'read-your-writes',
    readBack({ ...report, body: { ...report.body, list: [1, { a: 'X' }] } }),
    ['state.echo.corrupted /body (case)'],
  ],
  [
    'another write',
    'read-your-writes',
    readBack({ ...report, body: { mchWrite: '0' }, timestamp: '2020-01-01T00:00:00Z' }),
    ['state.history.lost '],
  ],
  [
    'a write that was not acknowledged',
    'read-your-writes',
    [exchange('POST', 500, report, {}), exchange('GET', 200, undefined, {})],
    [],
  ],
  ['nothing changed', 'rejected-write', rejected(400, report), []],
  [
    'a change',
    'rejected-write',
    rejected(400, { ...report, status: 'ERROR' }),
    ['state.rejected-write.applied '],
  ],
  [
    'the write id of the rejected write',
    'rejected-write',
    [
      exchange('GET', 200, undefined, { ...report, body: { mchWrite: '0' } }),
      exchange('POST', 400, { ...report, status: 'x' }, {}),
      exchange('GET', 200, undefined, report),
    ],
    ['state.rejected-write.applied '],
  ],
  [
    'a report that lost its body',
    'rejected-write',
    rejected(400, { ...report, body: {} }),
    ['state.rejected-write.applied '],
  ],
  [
    'another timestamp',
    'rejected-write',
    rejected(400, { ...report, timestamp: '2001-01-01T00:00:00Z' }),
    ['state.rejected-write.applied '],
  ],
  [
    'a report of another client in between',
    'rejected-write',
    rejected(400, { ...report, body: { cpu: 1 }, timestamp: '2026-01-01T00:00:00Z' }),
    [],
  ],
  [
    'an earlier write that becomes visible late',
    'rejected-write',
    rejected(400, { ...report, body: { mchWrite: '0' }, timestamp: '2021-01-01T00:00:00.000Z' }),
    [],
  ],
  ['a change by an accepted write', 'rejected-write', rejected(200, { ...report, status: 'ERROR' }), []],
  ['equal reads after a write', 'stable-reads', writeThenRead('0', '0'), []],
  ['different reads after a write', 'stable-reads', writeThenRead('0', '1'), ['state.read.unstable ']],
  ['members of an earlier write', 'read-your-writes', merged(), ['state.echo.corrupted /body (merged)']],
  ['equal reads', 'stable-reads', reads('a', 'a', 'a'), []],
  ['a report of another client between reads', 'stable-reads', reads('a', 'b', 'b'), []],
  [
    'a read that returns to an earlier status',
    'stable-reads',
    reads('a', 'b', 'a'),
    ['state.read.unstable '],
  ],
  ['two accepted spellings', 'equivalent-requests', spellings(200, 201), []],
  ['two rejected spellings', 'equivalent-requests', spellings(400, 422), []],
  ['a throttled spelling', 'equivalent-requests', spellings(400, 429), []],
  [
    'only the second spelling accepted',
    'equivalent-requests',
    spellings(400, 200),
    ['request.equivalent.differs '],
  ],
  [
    'only the first spelling accepted',
    'equivalent-requests',
    spellings(200, 400),
    ['request.equivalent.differs '],
  ],
  ['a read of a rejected write', 'linearizability', rejectedThenRead('1'), ['state.rejected-write.applied ']],
  ['a read of the write before a rejected one', 'linearizability', rejectedThenRead('0'), []],
  ['stale reads that converge', 'eventual-consistency', staleReads('0', '0', '1'), []],
  [
    'stale reads with strong consistency',
    'linearizability',
    staleReads('0', '0', '1'),
    ['state.history.stale '],
  ],
  ['a retried write', 'eventual-consistency', retried(), []],
  ['a retried write', 'linearizability', retried(), []],
  ['reads that never show the write', 'eventual-consistency', lostWrite(), ['state.history.lost ']],
  ['a retried write that was accepted once', 'linearizability', acceptedOnce(), []],
  [
    'stale reads that do not converge',
    'eventual-consistency',
    staleReads('0', '0', '0'),
    ['state.history.lost '],
  ],
  ['a read of another managed client', 'linearizability', twoClients('1'), ['state.history.phantom ']],
  ['a read of the right managed client', 'linearizability', twoClients('0'), []],
])('judges %s (%s)', (_, name, exchanges, expected) => {
  const found = relations[name]
    .judge(exchanges)
    .map((result) => (result.kind === 'violation' ? `${result.code} ${result.site}` : result.reason));
  expect(found).toEqual(expected);
});
