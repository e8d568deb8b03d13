import { expect, test } from '@jest/globals';

import type { Exchange } from '../http/exchange.ts';
import type { RequestIntent } from './request-intent.ts';
import { fingerprint } from './fingerprint.ts';
import { violation } from './check-result.ts';

const intent: RequestIntent = {
  operation: 'getManagedClientStatus',
  expectation: 'accept',
  isManagedClientKnown: true,
};

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
  const rejected = violation('request.valid.rejected', { site: 'valid@type' });
  const ids = [
    'no client 12 at 2026-11-21T07:00:00Z ("abc")',
    'no client 3 at 2025-01-01T00:00:00.5+02:00 ("x")',
  ].map((text) => fingerprint(rejected, intent, answered(text)));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
});

test('differs for another error text', () => {
  const rejected = violation('request.valid.rejected');
  expect(fingerprint(rejected, intent, answered('no type'))).not.toBe(
    fingerprint(rejected, intent, answered('no time')),
  );
});

test('does not depend on the error text for findings about the response', () => {
  const broken = violation('response.body.schema', { site: '/status' });
  const mutation = { name: 'enum-lower@status', fingerprintClass: 'enum@status' };
  expect(fingerprint(broken, { ...intent, mutation }, answered('a'))).toBe(
    fingerprint(broken, intent, answered('b')),
  );
});
