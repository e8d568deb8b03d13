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

/** In order: each exchange begins when the one before is over. */
const inOrder = (exchanges: readonly Exchange[]): Exchange[] =>
  exchanges.map((one, index) => ({ ...one, sentAt: 2 * index, receivedAt: 2 * index + 1 }));
const marked = (mchWrite: string, status = 'NORMAL'): object => ({
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
const writeThenRead = (...marks: string[]): Exchange[] => [
  at('a', exchange('POST', 200, marked('0'), {})),
  ...marks.map((mark) => at('a', exchange('GET', 200, undefined, marked(mark)))),
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
const refusedThenRead = (mark: string): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('a', exchange('POST', 400, marked('1', 'x'), {})),
    at('a', exchange('GET', 200, undefined, marked(mark))),
  ]);
/** Two writes, and reads after both. */
const lateReads = (...marks: string[]): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('a', exchange('POST', 200, marked('1'), {})),
    ...marks.map((mark) => at('a', exchange('GET', 200, undefined, marked(mark)))),
  ]);
const repeated = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('a', exchange('POST', 200, marked('1'), {})),
    at('a', exchange('POST', 200, marked('1'), {})),
    at('a', exchange('GET', 200, undefined, marked('1'))),
  ]);
const keptNothing = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('a', exchange('GET', 200, undefined, report)),
    at('a', exchange('GET', 200, undefined, report)),
  ]);
const takenOnce = (): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('a', exchange('POST', 400, marked('0'), {})),
    at('a', exchange('GET', 200, undefined, marked('0'))),
  ]);
const twoClients = (mark: string): Exchange[] =>
  inOrder([
    at('a', exchange('POST', 200, marked('0'), {})),
    at('b', exchange('POST', 200, marked('1'), {})),
    at('a', exchange('GET', 200, undefined, marked(mark))),
  ]);
const rejected = (status: number, after: object): Exchange[] => [
  exchange('GET', 200, undefined, report),
  exchange('POST', status, { ...report, status: 'x' }, {}),
  exchange('GET', 200, undefined, after),
];

test.each<[string, RelationName, Exchange[], string[]]>([
  ['the same', 'echo', readBack(report), []],
  [
    'members that were added',
    'echo',
    readBack({ ...report, body: { ...report.body, more: 1 }, extra: 2 }),
    [],
  ],
  [
    'the instant in another spelling',
    'echo',
    readBack({ ...report, timestamp: '2021-01-01T02:00:01+02:00' }),
    [],
  ],
  ['sub-millisecond digits', 'echo', readBack({ ...report, timestamp: '2021-01-01T00:00:01.000000Z' }), []],
  ['another status', 'echo', readBack({ ...report, status: 'ERROR' }), ['state.echo.corrupted /status']],
  [
    'another instant',
    'echo',
    readBack({ ...report, timestamp: '2021-01-01T00:00:02Z' }),
    ['state.echo.corrupted /timestamp'],
  ],
  [
    'a member that was dropped',
    'echo',
    readBack({ ...report, body: { mchWrite: '1', list: [1, { a: 'x' }], zero: 0 } }),
    ['state.echo.corrupted /body (missing)'],
  ],
  [
    'an item that was changed',
    'echo',
    readBack({ ...report, body: { ...report.body, list: [1, { a: 'X' }] } }),
    ['state.echo.corrupted /body (case)'],
  ],
  [
    'another write',
    'echo',
    readBack({ ...report, body: { mchWrite: '0' }, timestamp: '2020-01-01T00:00:00Z' }),
    ['state.history.lost '],
  ],
  [
    'a write that was not acknowledged',
    'echo',
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
    'the mark of the rejected write',
    'rejected-write',
    [
      exchange('GET', 200, undefined, { ...report, body: { mchWrite: '0' } }),
      exchange('POST', 400, { ...report, status: 'x' }, {}),
      exchange('GET', 200, undefined, report),
    ],
    ['state.rejected-write.applied '],
  ],
  [
    'a record that is gone',
    'rejected-write',
    rejected(400, { ...report, body: {} }),
    ['state.rejected-write.applied '],
  ],
  [
    'a part of it, or something else instead',
    'rejected-write',
    rejected(400, { ...report, timestamp: '2001-01-01T00:00:00Z' }),
    ['state.rejected-write.applied '],
  ],
  [
    'a report of somebody else in between',
    'rejected-write',
    rejected(400, { ...report, body: { cpu: 1 }, timestamp: '2026-01-01T00:00:00Z' }),
    [],
  ],
  [
    'an earlier write that comes late',
    'rejected-write',
    rejected(400, { ...report, body: { mchWrite: '0' }, timestamp: '2021-01-01T00:00:00.000Z' }),
    [],
  ],
  [
    'a change by a write that was accepted',
    'rejected-write',
    rejected(200, { ...report, status: 'ERROR' }),
    [],
  ],
  ['a write of its own that every read shows', 'stable-reads', writeThenRead('0', '0'), []],
  ['a read that changes what it reads', 'stable-reads', writeThenRead('0', '1'), ['state.read.unstable ']],
  ['members of an earlier write', 'echo', merged(), ['state.echo.corrupted /body (merged)']],
  ['reads that agree', 'stable-reads', reads('a', 'a', 'a'), []],
  ['a report of somebody else between reads', 'stable-reads', reads('a', 'b', 'b'), []],
  ['a read that goes back', 'stable-reads', reads('a', 'b', 'a'), ['state.read.unstable ']],
  ['two spellings that are taken', 'equivalent', spellings(200, 201), []],
  ['two spellings that are refused', 'equivalent', spellings(400, 422), []],
  ['a spelling that was not judged', 'equivalent', spellings(400, 429), []],
  ['a spelling that is taken alone', 'equivalent', spellings(400, 200), ['request.equivalent.differs ']],
  ['a spelling that is refused alone', 'equivalent', spellings(200, 400), ['request.equivalent.differs ']],
  ['a read of what was refused', 'history', refusedThenRead('1'), ['state.rejected-write.applied ']],
  ['a read of what was written before a refusal', 'history', refusedThenRead('0'), []],
  ['late reads that agree in the end', 'eventual-history', lateReads('0', '0', '1'), []],
  [
    'late reads of a service that agrees at once',
    'history',
    lateReads('0', '0', '1'),
    ['state.history.stale '],
  ],
  ['a write that was sent twice, and read', 'eventual-history', repeated(), []],
  ['a write that was sent twice, and read at once', 'history', repeated(), []],
  ['reads of what was there before, to the end', 'eventual-history', keptNothing(), ['state.history.lost ']],
  ['a write that was taken, and refused when it came again', 'history', takenOnce(), []],
  ['reads that never agree', 'eventual-history', lateReads('0', '0', '0'), ['state.history.lost ']],
  ['a read of another managed client', 'history', twoClients('1'), ['state.history.phantom ']],
  ['a read of its own of two managed clients', 'history', twoClients('0'), []],
])('finds in %s (%s)', (_, name, exchanges, expected) => {
  const found = relations[name]
    .judge(exchanges)
    .map(({ code, ...rest }) => `${code} ${'site' in rest ? rest.site : ''}`);
  expect(found).toEqual(expected);
});
