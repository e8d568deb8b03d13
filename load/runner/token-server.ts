import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { listenOnLoopback } from '../../core/node/index.ts';

/** A token with the milliseconds for which it need not be requested again. */
export interface FreshToken {
  readonly token: string;
  readonly freshForMs: number;
}

export interface TokenServer {
  /** Contains a secret path, because other users of the machine can reach the server. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a local server at which k6 renews its token, so that credentials never leave this process. */
export async function startTokenServer(freshToken: () => Promise<FreshToken>): Promise<TokenServer> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    freshToken().then(
      (token) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(token)),
      // k6 continues with its current token, and the target decides.
      () => response.writeHead(503).end(),
    );
  });
  const { url, close } = await listenOnLoopback(server);
  return { url: `${url}${path}`, close };
}
