import {
  baseReport,
  buildRequest,
  operations,
  typeQuery,
  type Expectation,
  type ManagedClientStatus,
  type MutationInfo,
  type Operation,
  type OperationId,
} from '../../core/index.ts';
import { requestBody, type Authorization, type RequestSpec } from '../../core/client/index.ts';
import { classOfReport } from './changed-fields.ts';
import type { TargetIds } from './target-ids.ts';

export interface SpecOptions {
  readonly target: TargetIds;
  readonly expectation: Expectation;
  readonly mutation?: MutationInfo;
  /** Default: the token of the user. */
  readonly authorization?: Authorization;
  /** Query string with its question mark. Default: a type that the managed client has reported. */
  readonly query?: string;
  /** Ignored by operations without a request body. Default: the base report. */
  readonly body?: string | Uint8Array;
  /** Undefined leaves the header out. Default: application/json. */
  readonly contentType?: string | undefined;
}

/** Describes a request of an operation. */
export function specFor(operation: OperationId, options: SpecOptions): RequestSpec {
  const { target, expectation, mutation, authorization = { kind: 'token', of: 'user' } } = options;
  const { query: parameters, request: schema }: Operation = operations[operation];
  const query = 'type' in parameters ? (options.query ?? typeQuery(target.types[0])) : '';
  const contentType = 'contentType' in options ? { contentType: options.contentType } : {};
  const { body = JSON.stringify(baseReport) } = options;
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  return {
    ...buildRequest(operation, { id: target.managedClient, query, ...contentType }),
    ...(schema !== undefined && { body: requestBody(bytes) }),
    authorization,
    intent: { operation, expectation, ...(mutation && { mutation }) },
  };
}

export const readSpec = (options: SpecOptions): RequestSpec => specFor('getManagedClientStatus', options);

export const writeSpec = (options: SpecOptions): RequestSpec => specFor('updateManagedClientStatus', options);

/** A write with a write id. Its fingerprint class depends only on status and type, because the rest is always unique. */
export function trackedWriteSpec(target: TargetIds, report: ManagedClientStatus, name: string): RequestSpec {
  const { status, type } = report;
  const mutation = { name, fingerprintClass: classOfReport({ ...baseReport, status, type }) };
  return writeSpec({ target, body: JSON.stringify(report), expectation: 'accept', mutation });
}
