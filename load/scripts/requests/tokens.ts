import http from 'k6/http';
import secrets from 'k6/secrets';

import { TOKEN_RETRY_MS } from '../../timing.ts';
import type { TokenName } from '../load-task.ts';
import { task } from '../task.ts';

// k6 removes secrets from its log. They are in no option, tag, URL of a trace or summary.
const tokens = new Map<TokenName, string>();
for (const name of task.tokens) tokens.set(name, await secrets.get(name));
const tokenServer = task.hasTokenServer ? await secrets.get('tokenServer') : undefined;

/** The time from which the token of the load must be renewed. */
let renewAt = 0;

/** A valid token. The token of the load is renewed before it expires. */
export async function tokenOf(name: TokenName): Promise<string> {
  if (name === 'own' && tokenServer !== undefined && Date.now() >= renewAt) await renew(tokenServer);
  return tokens.get(name) ?? '';
}

async function renew(url: string): Promise<void> {
  // Only one request at a time: other iterations keep using the current token.
  renewAt = Date.now() + TOKEN_RETRY_MS;
  const { status, body } = await http.asyncRequest('GET', url, null, {
    tags: { name: 'token' },
    responseType: 'text',
    timeout: '5s',
  });
  if (status !== 200 || body === null) return;
  const { token, freshForMs } = JSON.parse(body) as { token: string; freshForMs: number };
  tokens.set('own', token);
  renewAt = Date.now() + freshForMs;
}
