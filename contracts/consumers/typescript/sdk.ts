import { isAxiosError, type AxiosResponse } from 'axios';
import {
  Configuration,
  ManagedClientsBetaApi,
  type ManagedClientStatusBeta,
  type ManagedClientTypeBeta,
} from 'sailpoint-api-client';

import type { Handed, Question, Sdk } from '../sdk.ts';

/** The published TypeScript SDK, as an application sets it up. */
export const typescriptSdk: Sdk = {
  async call(question) {
    try {
      const { data } = await send(apiFor(question), question);
      return { kind: 'value', value: data };
    } catch (error) {
      return handed(error);
    }
  },
  close: () => Promise.resolve(),
};

function apiFor({ baseUrl, token, retries }: Question): ManagedClientsBetaApi {
  // Without a token the constructor asks for one at once.
  const configuration = new Configuration({ baseurl: baseUrl, accessToken: token ?? 'none' });
  if (token === null) delete configuration.accessToken;
  if (!retries) configuration.retriesConfig = { retries: 0 };
  return new ManagedClientsBetaApi(configuration);
}

function send(api: ManagedClientsBetaApi, { operation, id, type, report }: Question): Promise<AxiosResponse> {
  return operation === 'getManagedClientStatus'
    ? api.getManagedClientStatus({ id, type: type as ManagedClientTypeBeta })
    : api.updateManagedClientStatus({ id, managedClientStatusBeta: report as ManagedClientStatusBeta });
}

/** The parts of an error by name: an AxiosError as a whole holds the bearer token. */
function handed(error: unknown): Handed {
  if (!isAxiosError(error)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'error', error: name, message };
  }
  const { name, message, response } = error;
  if (response === undefined) return { kind: 'error', error: name, message };
  const { status, headers, data } = response as AxiosResponse<unknown>;
  const { 'retry-after': retryAfter } = headers as { 'retry-after'?: string };
  return {
    kind: 'error',
    error: name,
    message,
    status,
    ...(retryAfter !== undefined && { retryAfter }),
    body: typeof data === 'string' ? data : JSON.stringify(data),
    data,
  };
}
