import { isAxiosError, type AxiosResponse } from 'axios';
import {
  Configuration,
  ManagedClientsBetaApi,
  type ManagedClientStatusBeta,
  type ManagedClientTypeBeta,
} from 'sailpoint-api-client';

import type { Sdk, SdkCall, SdkResult } from '../sdk.ts';

/** The published TypeScript SDK with the settings of an application. */
export const typescriptSdk: Sdk = {
  async call(call) {
    try {
      const { data } = await operations[call.operation](apiFor(call), call);
      return { kind: 'value', value: data };
    } catch (error) {
      return resultOf(error);
    }
  },
  close: () => Promise.resolve(),
};

function apiFor({ baseUrl, token, retries }: SdkCall): ManagedClientsBetaApi {
  // Without a token the constructor would request one immediately.
  const configuration = new Configuration({ baseurl: baseUrl, accessToken: token ?? 'none' });
  if (token === null) delete configuration.accessToken;
  if (!retries) configuration.retriesConfig = { retries: 0 };
  return new ManagedClientsBetaApi(configuration);
}

type SendCall = (api: ManagedClientsBetaApi, call: SdkCall) => Promise<AxiosResponse>;

const operations: Record<SdkCall['operation'], SendCall> = {
  getManagedClientStatus: (api, { id, type }) =>
    api.getManagedClientStatus({ id, type: type as ManagedClientTypeBeta }),
  updateManagedClientStatus: (api, { id, report }) =>
    api.updateManagedClientStatus({ id, managedClientStatusBeta: report as ManagedClientStatusBeta }),
};

/** Copies the parts of an error, because an AxiosError contains the bearer token. */
function resultOf(error: unknown): SdkResult {
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
