// The plainest server that gives a valid answer, in a process of its own: what a benchmark of k6 is to measure is k6.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import example from '../../fixtures/examples/managed-client-status.json' with { type: 'json' };

const body = JSON.stringify(example);
let served = 0;

const server = createServer((_, response) => {
  served += 1;
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

process.on('message', () => {
  process.send?.(served);
  served = 0;
});
