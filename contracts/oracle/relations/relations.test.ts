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
    ['state.echo.corrupted /body'],
  ],
  [
    'an item that was changed',
    'echo',
    readBack({ ...report, body: { ...report.body, list: [1, { a: 'X' }] } }),
    ['state.echo.corrupted /body'],
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
])('finds in %s (%s)', (_, name, exchanges, expected) => {
  const found = relations[name]
    .judge(exchanges)
    .map(({ code, ...rest }) => `${code} ${'site' in rest ? rest.site : ''}`);
  expect(found).toEqual(expected);
});
