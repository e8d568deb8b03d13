import { expect, test } from '@jest/globals';

import { parseLogLine } from './k6-log.ts';

const console = (msg: string): string => JSON.stringify({ level: 'info', source: 'console', msg });

test.each<[string, string, object]>([
  ['an exchange', console('{"step":"burst"}'), { kind: 'exchange', exchange: { step: 'burst' } }],
  ['a start', console('{"start":"average"}'), { kind: 'start', start: { start: 'average' } }],
  ['an end', console('{"end":"smoke"}'), { kind: 'end', end: { end: 'smoke' } }],
  ['other text of a script', console('hello'), { kind: 'other' }],
  ['null of a script', console('null'), { kind: 'other' }],
  [
    'an exception',
    '{"source":"stacktrace","msg":"broken\\n at x"}',
    { kind: 'exception', message: 'broken' },
  ],
  ['an error', '{"level":"error","msg":"no output"}', { kind: 'error', message: 'no output' }],
  ['a line of another program', 'null', { kind: 'other' }],
  ['an incomplete line', '{"level":"err', { kind: 'other' }],
])('%s is parsed', (_, text, expected) => {
  expect(parseLogLine(text)).toEqual(expected);
});
