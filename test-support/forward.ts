import { request, type IncomingMessage, type ServerResponse } from 'node:http';

/** Sends a request on to another server and returns its response. */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, server: string): void {
  const { method, url: path, rawHeaders: headers } = incoming;
  const { hostname, port } = new URL(server);
  const forwarded = request({ hostname, port, method, path, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
    response.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
}
