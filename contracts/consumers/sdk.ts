import type { OperationId } from '../../core/index.ts';

/** The published SDKs that pin what they need. Each name is the name of a Pact consumer: it never changes. */
export const consumerNames = ['typescript-sdk', 'python-sdk', 'go-sdk'] as const;
export type ConsumerName = (typeof consumerNames)[number];

/** A report as an application hands it to its SDK. */
export interface Report {
  readonly body: object;
  readonly status: string;
  readonly type: string | null;
  readonly timestamp: string;
}

/** One call of an SDK. */
export interface Question {
  /** Without `/beta`: every SDK adds that itself. */
  readonly baseUrl: string;
  /** Null is an application that has none. */
  readonly token: string | null;
  readonly operation: OperationId;
  readonly id: string;
  /** The query parameter of a GET. */
  readonly type?: string;
  /** The body of a POST. */
  readonly report?: Report;
  /** Goes around the validation of the SDK, where it has one. */
  readonly unchecked?: boolean;
  /** Whether the SDK retries as it does by default, or not at all. */
  readonly retries: boolean;
}

/** What an SDK hands its caller. */
export type Handed =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      /** The class of the error in its own language. */
      readonly error: string;
      readonly message?: string;
      /** Absent where the SDK lost it. */
      readonly status?: number;
      readonly retryAfter?: string;
      /** The body as text. */
      readonly body?: string;
      /** The body as the SDK parsed it; absent where it could not. */
      readonly data?: unknown;
    };

/** A published SDK, ready to be called. */
export interface Sdk {
  call(question: Question): Promise<Handed>;
  close(): Promise<void>;
}
