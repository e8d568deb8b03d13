import type { OperationId } from '../../core/index.ts';

/** The published SDKs. The names are those of Pact consumers and never change. */
export const consumerNames = ['typescript-sdk', 'python-sdk', 'go-sdk'] as const;
export type ConsumerName = (typeof consumerNames)[number];

/** A report as an application passes it to its SDK. */
export interface SdkReport {
  readonly body: object;
  readonly status: string;
  readonly type: string | null;
  readonly timestamp: string;
}

/** One call of an SDK. */
export interface SdkCall {
  /** Without `/beta`, which every SDK adds. */
  readonly baseUrl: string;
  /** Null: the application has no token. */
  readonly token: string | null;
  readonly operation: OperationId;
  readonly id: string;
  /** The query parameter of a read. */
  readonly type?: string;
  /** The body of a write. */
  readonly report?: SdkReport;
  /** Bypasses the validation of the SDK. */
  readonly unchecked?: boolean;
  /** Whether the SDK retries as it does by default. */
  readonly retries: boolean;
}

/** The result that an SDK returns to its caller. */
export type SdkResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      /** The class of the error in the language of the SDK. */
      readonly error: string;
      readonly message?: string;
      /** Undefined if the SDK does not return it. */
      readonly status?: number;
      readonly retryAfter?: string;
      /** The body as text. */
      readonly body?: string;
      /** The parsed body, undefined if the SDK could not parse it. */
      readonly data?: unknown;
    };

/** A running SDK. */
export interface Sdk {
  call(call: SdkCall): Promise<SdkResult>;
  close(): Promise<void>;
}
