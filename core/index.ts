// The entry point for all layers. Everything here also runs in k6: core/tsconfig.json and a test with k6 verify it.
export * from './api/base-report.ts';
export * from './api/operations.ts';
export * from './api/principals.ts';
export * from './api/quota.ts';
export * from './api/requests.ts';
export * from './api/states.ts';
export { managedClientStatusEnum } from './api/schemas/managed-client-status.ts';
export { managedClientType, readableTypes, type ReadableType } from './api/schemas/managed-client-type.ts';
export type * from './api/types.ts';
export { openApiDocument } from './api/openapi.ts';
// Modules of types alone need `export type`: loaded as a module, they make k6 2.2 recurse endlessly.
export type * from './http/exchange.ts';
export { headerValue } from './http/headers.ts';
export { parseHttpDate } from './http/http-date.ts';
export { intermediaryIn, isHtml, pageTitle } from './http/intermediary.ts';
export { isSafeMethod } from './http/methods.ts';
export { placeholder, PLACEHOLDER } from './http/placeholder.ts';
export { readJson, readText } from './http/read-body.ts';
export { parseRetryAfter } from './http/retry-after.ts';
export { isTemporary } from './http/status.ts';
export {
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Inconclusive,
  type InconclusiveReason,
} from './judge/check-result.ts';
export { codes, severities, type Code, type Details, type Severity } from './judge/codes.ts';
export type { Expectation } from './judge/expectations.ts';
export { fingerprint } from './judge/fingerprint.ts';
export { judge, judgementOf } from './judge/judge.ts';
export { explanations } from './judge/messages/explanations.ts';
export { describeFinding } from './judge/messages/findings.ts';
export { describeInconclusive } from './judge/messages/inconclusive.ts';
export { describeSkip, type SkipReason } from './judge/messages/skipped.ts';
export * from './judge/outcome.ts';
export { maxReadAge } from './judge/relations/consistency.ts';
export { relations, type RelationName } from './judge/relations/index.ts';
export { WRITE_ID_MEMBER, writeIdIn } from './judge/relations/write-id.ts';
export type { MutationInfo, RequestIntent } from './judge/request-intent.ts';
export { schemaErrors } from './judge/validators.ts';
