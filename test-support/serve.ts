import { createServer, type RequestListener } from 'node:http';

import { afterAll } from '@jest/globals';

import { listenOnLoopback, type LoopbackServer } from '../core/node/index.ts';

const servers: LoopbackServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** Starts a server on a free port until the end of the test file. @returns its URL */
export async function serve(listener: RequestListener): Promise<string> {
  const server = await listenOnLoopback(createServer(listener));
  servers.push(server);
  return server.url;
}
