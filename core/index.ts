// The door for every layer. It stays loadable in k6: contracts/tsconfig.json and a real k6 see to it.
export * from './api/operations.ts';
export * from './api/principals.ts';
export * from './api/quota.ts';
export * from './api/states.ts';
export { managedClientStatusEnum } from './api/schemas/managed-client-status.ts';
export { managedClientType, readableTypes, type ReadableType } from './api/schemas/managed-client-type.ts';
export type * from './api/types.ts';
export { openApiDocument } from './api/openapi.ts';
// A file of types alone has to be left out by `type`: loaded as a module, it makes k6 2.2 recurse for ever.
export type * from './http/exchange.ts';
export { headerValue } from './http/headers.ts';
export { parseHttpDate } from './http/http-date.ts';
export { parseMediaType } from './http/media-type.ts';
export { placeholder, PLACEHOLDER } from './http/placeholder.ts';
export { readJson, readText } from './http/read-body.ts';
export { parseRetryAfter, type RetryAfter } from './http/retry-after.ts';
export type { Asked, CellNote } from './judge/request-intent.ts';
export { codes, severities, type Code, type Severity } from './judge/codes.ts';
export { describe, describeDoubt, describeNotice, describeObstacle } from './judge/messages/findings.ts';
export type { Expectation } from './judge/expectations.ts';
export { judge, judgementOf } from './judge/judge.ts';
export * from './judge/outcome.ts';
export { fingerprint, signatureOf } from './judge/fingerprint.ts';
export { MARKER, markIn } from './judge/relations/write-id.ts';
export { ageOfReads } from './judge/relations/consistency.ts';
export { relations, type RelationName } from './judge/relations/index.ts';
export {
  doubt,
  violation,
  type Details,
  type DoubtCode,
  type Notice,
  type Remark,
} from './judge/check-result.ts';
export { schemaErrors } from './judge/validators.ts';
