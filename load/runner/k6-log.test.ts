import { expect, test } from '@jest/globals';

import { readLog } from './k6-log.ts';

const console = (msg: string): string => JSON.stringify({ level: 'info', source: 'console', msg });

test.each<[string, string, object]>([
  ['an exchange', console('{"phase":"over"}'), { kind: 'exchange', exchange: { phase: 'over' } }],
  ['the beginning', console('{"begin":"average"}'), { kind: 'head', head: { begin: 'average' } }],
  ['the end', console('{"end":"over"}'), { kind: 'end', end: { end: 'over' } }],
  ['something else that a script prints', console('hello'), { kind: 'other' }],
  ['an empty thing that a script prints', console('null'), { kind: 'other' }],
  [
    'an exception',
    '{"source":"stacktrace","msg":"broken\\n at x"}',
    { kind: 'exception', message: 'broken' },
  ],
  ['a complaint', '{"level":"error","msg":"no output"}', { kind: 'complaint', message: 'no output' }],
  ['a line of another program', 'null', { kind: 'other' }],
  ['a torn line', '{"level":"err', { kind: 'other' }],
])('%s is read from the log', (_, text, expected) => {
  expect(readLog(text)).toEqual(expected);
});
