import http from 'k6/http';
import secrets from 'k6/secrets';

import { pathOf, type Asked } from '../../contracts/index.ts';
import { record } from './record.ts';
import { task } from './task.ts';

http.setResponseCallback(http.expectedStatuses(200, 429));

// k6 takes it out of its own log; it is in no option, tag, URL or summary.
const token = await secrets.get('token');

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
}

const TIMEOUT = '10s';
const loadType = task.types.includes('VA') ? 'VA' : (task.types[0] ?? 'CCG');

/** Reads the status of one type, judged and recorded under a phase. */
export function read(phase: string, expectation: Asked['expectation'], type = loadType): Promise<Answer> {
  const asked = { operation: 'getManagedClientStatus', expectation, clientKnown: true } as const;
  const url = `${task.baseUrl}${pathOf('getManagedClientStatus', task.client)}?type=${type}`;
  return send(phase, asked, { method: 'GET', url, body: null });
}

/** Reports a status, judged and recorded under a phase. */
export function write(phase: string, body: string): Promise<Answer> {
  const asked = { operation: 'updateManagedClientStatus', expectation: 'accept', clientKnown: true } as const;
  const url = `${task.baseUrl}${pathOf('updateManagedClientStatus', task.client)}`;
  return send(phase, asked, { method: 'POST', url, body });
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: string | null;
}

async function send(phase: string, asked: Asked, { method, url, body }: Call): Promise<Answer> {
  const startedAt = Date.now();
  const response = await http.asyncRequest(method, url, body, {
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      ...(body !== null && { 'Content-Type': 'application/json' }),
    },
    timeout: TIMEOUT,
    // The answer itself is judged, wherever it points; and no answer may change the next request.
    redirects: 0,
    jar: new http.CookieJar(),
    responseType: 'text',
    tags: { name: asked.operation ?? method },
  });
  const endedAt = Date.now();
  if (task.mode !== 'bare') record({ phase, asked, method, url, body, response, startedAt, endedAt });
  const { headers } = response;
  return {
    status: response.status,
    retryAfter: headers['Retry-After'],
    date: headers['Date'],
  };
}
