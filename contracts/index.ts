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
export type { Asked, CellNote } from './oracle/asked.ts';
export { codes, severities, type Code, type Severity } from './oracle/codes.ts';
export { describe, describeDoubt, describeNotice, describeObstacle } from './oracle/describe.ts';
export type { Expectation } from './oracle/expectation.ts';
export { judge, judgementOf } from './oracle/judge.ts';
export * from './oracle/outcome.ts';
export { fingerprint, signatureOf } from './oracle/fingerprint.ts';
export { MARKER, markIn } from './oracle/relations/mark.ts';
export { ageOfReads } from './oracle/relations/history.ts';
export { relations, type RelationName } from './oracle/relations/index.ts';
export { doubt, violation, type Details, type DoubtCode, type Notice, type Remark } from './oracle/remark.ts';
export { schemaErrors } from './oracle/validators.ts';
