import { isAxiosError } from 'axios';
import {
  Configuration,
  ManagedClientsBetaApi,
  type ManagedClientStatusBeta,
  type ManagedClientTypeBeta,
} from 'sailpoint-api-client';

/** What the SDK hands its caller. The error object itself stays here: it holds the bearer token. */
export interface Handed {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | undefined;
}

/** The published TypeScript SDK, as an application would set it up. */
export class TypeScriptClient {
  readonly #api: ManagedClientsBetaApi;

  constructor(baseurl: string, accessToken: string) {
    this.#api = new ManagedClientsBetaApi(new Configuration({ baseurl, accessToken }));
  }

  read(id: string, type: string): Promise<Handed> {
    return handed(this.#api.getManagedClientStatus({ id, type: type as ManagedClientTypeBeta }));
  }

  report(id: string, report: object): Promise<Handed> {
    const managedClientStatusBeta = report as ManagedClientStatusBeta;
    return handed(this.#api.updateManagedClientStatus({ id, managedClientStatusBeta }));
  }
}

interface SdkResponse {
  readonly status: number;
  readonly data: unknown;
  readonly headers: object;
}

async function handed(call: Promise<SdkResponse>): Promise<Handed> {
  try {
    return view(await call);
  } catch (error) {
    if (isAxiosError(error) && error.response !== undefined) return view(error.response);
    // Without its cause on purpose: an AxiosError holds the bearer token.
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(error instanceof Error ? error.message : 'the SDK failed');
  }
}

function view({ status, data, headers }: SdkResponse): Handed {
  const { 'retry-after': retryAfter } = headers as { 'retry-after'?: string };
  return { status, body: data, retryAfter };
}
