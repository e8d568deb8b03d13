import http from 'k6/http';
import secrets from 'k6/secrets';

import { task } from './task.ts';
import type { TokenName } from './trace.ts';

// k6 takes them out of its own log; they are in no option, tag, URL of a trace or summary.
const tokens = new Map<TokenName, string>();
for (const name of task.tokens) tokens.set(name, await secrets.get(name));
const door = task.hasDoor ? await secrets.get('door') : undefined;

/** When the token of the load may be old, milliseconds since the epoch. */
let staleAt = 0;

/** The token to show; that of the load is asked for again before it ends. */
export async function tokenOf(name: TokenName): Promise<string> {
  if (name === 'own' && door !== undefined && Date.now() >= staleAt) await renew(door);
  return tokens.get(name) ?? '';
}

/** Asked again so soon where there was no answer. */
const RETRY_MS = 1000;

async function renew(url: string): Promise<void> {
  // One at a time: the others go on with the one that there is.
  staleAt = Date.now() + RETRY_MS;
  const { status, body } = await http.asyncRequest('GET', url, null, {
    tags: { name: 'token' },
    responseType: 'text',
    timeout: '5s',
  });
  if (status !== 200 || body === null) return;
  const { token, freshForMs } = JSON.parse(body) as { token: string; freshForMs: number };
  tokens.set('own', token);
  staleAt = Date.now() + freshForMs;
}
