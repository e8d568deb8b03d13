import { expect, test } from '@jest/globals';

import type { Exchange } from '../http/exchange.ts';
import type { Asked } from './request-intent.ts';
import { fingerprint } from './fingerprint.ts';
import { violation } from './check-result.ts';

const asked: Asked = { operation: 'getManagedClientStatus', expectation: 'accept', clientKnown: true };

function answered(text: string): Exchange {
  return {
    request: { method: 'GET', url: 'http://x/', headers: [], body: { kind: 'none' } },
    answer: {
      kind: 'response',
      status: 400,
      headers: [],
      headerLines: 'separate',
      body: { kind: 'text', text: JSON.stringify({ detailCode: '400.1', messages: [{ text }] }) },
    },
    sentAt: 0,
    receivedAt: 1,
  };
}

test('is the same for texts that differ in ids, times and numbers', () => {
  const refused = violation('request.valid.rejected', { site: 'valid@type' });
  const ids = [
    'no client 12 at 2026-11-21T07:00:00Z ("abc")',
    'no client 3 at 2025-01-01T00:00:00.5+02:00 ("x")',
  ].map((text) => fingerprint(refused, asked, answered(text)));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
});

test('differs where the service says something else', () => {
  const refused = violation('request.valid.rejected');
  expect(fingerprint(refused, asked, answered('no type'))).not.toBe(
    fingerprint(refused, asked, answered('no time')),
  );
});

test('does not depend on the words where the place says it all', () => {
  const broken = violation('response.body.schema', { site: '/status' });
  const cell = { id: 'enum-lower@status', group: 'enum@status' };
  expect(fingerprint(broken, { ...asked, cell }, answered('a'))).toBe(
    fingerprint(broken, asked, answered('b')),
  );
});
