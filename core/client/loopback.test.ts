import { expect, test } from '@jest/globals';

import { isLoopback } from './loopback.ts';

test.each<[string, string[], boolean]>([
  ['127.0.0.1', [], true],
  ['127.8.9.10', [], true],
  ['[::1]', [], true],
  ['[::ffff:7f00:1]', [], true],
  ['0.0.0.0', ['127.0.0.1'], false],
  ['192.168.0.1', ['127.0.0.1'], false],
  ['[fe80::1]', ['127.0.0.1'], false],
  ['localhost', ['::1', '127.0.0.1'], true],
  ['api.test', ['127.0.0.1'], true],
  ['localhost', ['127.0.0.1', '10.0.0.1'], false],
  ['127.0.0.1.example.com', ['203.0.113.7'], false],
  ['unknown.example.com', [], false],
])('%s with the addresses %j is a loopback host: %p', async (hostname, addresses, expected) => {
  expect(await isLoopback(hostname, () => Promise.resolve(addresses))).toBe(expected);
});

test('a name that cannot be resolved is not a loopback host', async () => {
  expect(await isLoopback('x.test', () => Promise.reject(new Error('ENOTFOUND')))).toBe(false);
});
