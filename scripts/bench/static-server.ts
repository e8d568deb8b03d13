// A minimal server with a valid response, in its own process, for the benchmark of k6.
import { createServer } from 'node:http';

import { listenOnLoopback } from '../../core/node/index.ts';
import example from '../../fixtures/examples/managed-client-status.json' with { type: 'json' };

const body = JSON.stringify(example);
let requests = 0;

const { port } = await listenOnLoopback(
  createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  }),
);
process.send?.(port);

process.on('message', () => {
  process.send?.(requests);
  requests = 0;
});
