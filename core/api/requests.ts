import type { HeaderLine } from '../http/exchange.ts';
import { operations, pathOf, type Operation, type OperationId } from './operations.ts';

/** A request of the API before authorization. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query below the base URL. */
  readonly path: string;
  readonly headers: readonly HeaderLine[];
}

export interface RequestParts {
  /** Id of the managed client. */
  readonly id: string;
  /** Query string with its question mark. */
  readonly query?: string;
  /** Value of Content-Type for an operation with a request body. Undefined leaves the header out. */
  readonly contentType?: string | undefined;
}

const ACCEPT: HeaderLine = ['Accept', 'application/json'];

/** Builds the method, path and headers of an operation's request. All layers build their requests here. */
export function buildRequest(operation: OperationId, parts: RequestParts): ApiRequest {
  const { id, query = '' } = parts;
  const { method, request }: Operation = operations[operation];
  const contentType = 'contentType' in parts ? parts.contentType : 'application/json';
  const hasContentType = request !== undefined && contentType !== undefined;
  return {
    method,
    path: `${pathOf(operation, id)}${query}`,
    headers: hasContentType ? [ACCEPT, ['Content-Type', contentType]] : [ACCEPT],
  };
}

/** The query string that reads one type. */
export function typeQuery(type: string): string {
  return `?type=${type}`;
}
