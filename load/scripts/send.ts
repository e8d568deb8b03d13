import http from 'k6/http';

import { pathOf, type Asked, type Expectation } from '../../core/index.ts';
import type { DialledAnswer } from './answer.ts';
import { isDialled, record } from './record.ts';
import { task } from './task.ts';
import { tokenOf } from './tokens.ts';
import type { TokenName } from './trace.ts';

http.setResponseCallback(http.expectedStatuses(200, 429));

/** In what a request differs from the plain one. */
export interface Variant {
  readonly token?: TokenName;
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another API version, or the same path spelled otherwise (RFC 3986 §6.2.2.2). */
  readonly place?: 'v1' | 'respelled';
}

const TIMEOUT = '10s';
const loadType = task.types.includes('VA') ? 'VA' : (task.types[0] ?? 'CCG');

/** Reads the status of one type, judged and recorded under a phase. */
export function read(
  phase: string,
  expectation: Expectation,
  type: string = loadType,
  variant: Variant = {},
): Promise<DialledAnswer> {
  // Nothing is documented here of another version.
  const operation = variant.place === 'v1' ? undefined : ('getManagedClientStatus' as const);
  const url = `${task.baseUrl}${pathIn(variant)}?type=${type}`;
  const asked = { operation, expectation, clientKnown: true };
  return send(phase, { asked, method: 'GET', url, body: null, variant });
}

function pathIn({ client = task.client, place }: Variant): string {
  const path = pathOf('getManagedClientStatus', client);
  if (place === 'v1') return `/managed-clients/v1/${encodeURIComponent(client)}/status`;
  return place === 'respelled' ? path.replace(/(?<=\/)[a-z0-9](?=[^/]*\/status$)/i, percentEncoded) : path;
}

function percentEncoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Reports a status, judged and recorded under a phase. */
export function write(
  phase: string,
  body: string,
  expectation: Expectation = 'accept',
): Promise<DialledAnswer> {
  const asked = { operation: 'updateManagedClientStatus', expectation, clientKnown: true } as const;
  const url = `${task.baseUrl}${pathOf('updateManagedClientStatus', task.client)}`;
  return send(phase, { asked, method: 'POST', url, body, variant: {} });
}

interface Call {
  readonly asked: Asked;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: string | null;
  readonly variant: Variant;
}

async function send(phase: string, { asked, method, url, body, variant }: Call): Promise<DialledAnswer> {
  const token = await tokenOf(variant.token ?? 'own');
  const headers = {
    Accept: 'application/json',
    ...(body !== null && { 'Content-Type': 'application/json' }),
    ...variant.headers,
  };
  const startedAt = Date.now();
  const response = await http.asyncRequest(method, url, body, {
    headers: { Authorization: `Bearer ${token}`, ...headers },
    timeout: TIMEOUT,
    // The answer itself is judged, wherever it points; and no answer may change the next request.
    redirects: 0,
    jar: new http.CookieJar(),
    responseType: 'text',
    tags: { name: asked.operation ?? method },
  });
  const endedAt = Date.now();
  const { token: shown = 'own' } = variant;
  const caller = shown === 'own' ? task.principal : shown;
  if (task.mode !== 'bare')
    record({ phase, asked, method, url, caller, headers, body, response, startedAt, endedAt });
  return {
    status: response.status,
    retryAfter: response.headers['Retry-After'],
    date: response.headers['Date'],
    isDialled: isDialled(response),
  };
}
