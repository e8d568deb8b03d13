import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A token, and for how many milliseconds it is good enough to be shown. */
export interface FreshToken {
  readonly token: string;
  readonly freshForMs: number;
}

/**
 * A door on the loopback interface at which k6 asks for the token of a run that outlives one: credentials never leave
 * this process. Its path is a secret, for others are on this machine as well.
 */
export async function openTokenDoor(
  fresh: () => Promise<FreshToken>,
): Promise<{ readonly url: string; close(): void }> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    fresh().then(
      (token) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(token)),
      // The token that there is goes on being shown: the target has the last word.
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
