import http, { type RefinedResponse } from 'k6/http';

import {
  buildRequest,
  operations,
  typeQuery,
  type Expectation,
  type HeaderLine,
  type OperationId,
} from '../../../core/index.ts';
import { REQUEST_TIMEOUT } from '../../timing.ts';
import type { TokenName } from '../load-task.ts';
import { task } from '../task.ts';
import type { LimiterExchange } from '../trace.ts';
import { isNewConnection, record } from './record.ts';
import { tokenOf } from './tokens.ts';

http.setResponseCallback(http.expectedStatuses(200, 429));

/** How a request differs from the usual one. */
export interface RequestVariant {
  readonly token?: TokenName;
  readonly managedClient?: string;
  readonly headers?: readonly HeaderLine[];
  /** Another API version, or the same path with an encoded character (RFC 3986 §6.2.2.2). */
  readonly path?: 'v1' | 'encoded';
}

const defaultType = task.types.includes('VA') ? 'VA' : (task.types[0] ?? 'CCG');

/** Reads the status of one type. The exchange is judged and written. */
export function read(
  step: string,
  expectation: Expectation,
  type: string = defaultType,
  variant: RequestVariant = {},
): Promise<LimiterExchange> {
  return send(step, 'getManagedClientStatus', { expectation, query: typeQuery(type), body: null, variant });
}

/** Reports a status. The exchange is judged and written. */
export function write(
  step: string,
  body: string,
  expectation: Expectation = 'accept',
): Promise<LimiterExchange> {
  return send(step, 'updateManagedClientStatus', { expectation, query: '', body, variant: {} });
}

interface RequestOptions {
  readonly expectation: Expectation;
  readonly query: string;
  readonly body: string | null;
  readonly variant: RequestVariant;
}

async function send(
  step: string,
  operation: OperationId,
  { expectation, query, body, variant }: RequestOptions,
): Promise<LimiterExchange> {
  const { managedClient: id = task.managedClient, token = 'own' } = variant;
  const request = buildRequest(operation, { id, query });
  const url = `${task.baseUrl}${changePath(request.path, id, variant)}`;
  const headers = [...request.headers, ...(variant.headers ?? [])];
  const accessToken = await tokenOf(token);
  const sentAt = Date.now();
  const response = await http.asyncRequest(request.method, url, body, {
    headers: { Authorization: `Bearer ${accessToken}`, ...Object.fromEntries(headers) },
    timeout: REQUEST_TIMEOUT,
    // Redirects are judged and not followed, and cookies must not change later requests.
    redirects: 0,
    jar: new http.CookieJar(),
    responseType: 'text',
    tags: { name: variant.path === 'v1' ? request.method : operation },
  });
  const receivedAt = Date.now();
  if (task.mode !== 'bare') {
    // The documentation of the API does not describe other versions.
    const described = variant.path === 'v1' ? undefined : operation;
    const intent = { operation: described, expectation, isManagedClientKnown: true };
    const caller = token === 'own' ? task.principal : token;
    const { method } = request;
    const sent = { method, url, caller, accessToken, headers, body };
    record({ step, intent, ...sent, response, sentAt, receivedAt });
  }
  return limiterExchange(step, response, { sentAt, receivedAt });
}

/** The part of an exchange from which a limiter is judged. */
function limiterExchange(
  step: string,
  response: RefinedResponse<'text'>,
  times: { readonly sentAt: number; readonly receivedAt: number },
): LimiterExchange {
  return {
    step,
    ...times,
    status: response.status,
    retryAfter: response.headers['Retry-After'] ?? null,
    date: response.headers['Date'] ?? null,
    ...(isNewConnection(response) && { isNewConnection: true }),
  };
}

function changePath(path: string, id: string, { path: change }: RequestVariant): string {
  if (change === 'encoded') return path.replace(/(?<=\/)[a-z0-9](?=[^/]*\/status)/i, percentEncoded);
  if (change !== 'v1') return path;
  const beta = operations.getManagedClientStatus.path.replace('{id}', () => encodeURIComponent(id));
  return path.replace(beta, () => `/managed-clients/v1/${encodeURIComponent(id)}/status`);
}

function percentEncoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
