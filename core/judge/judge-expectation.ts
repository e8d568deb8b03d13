import { isSuccess } from '../http/status.ts';
import type { HttpResponse } from '../http/exchange.ts';
import { inconclusiveBecause, violation, type CheckResult, type InconclusiveReason } from './check-result.ts';
import type { Code } from './codes.ts';
import { expectations, type Expectation, type ExpectedAnswer } from './expectations.ts';
import type { RequestIntent } from './request-intent.ts';

/** Judges whether the status is one that this kind of request may have. Rules judge server errors. */
export function judgeExpectation(response: HttpResponse, intent: RequestIntent): CheckResult[] {
  const expected: ExpectedAnswer = expectations[intent.expectation];
  const { status } = response;
  if (passes(expected, status)) return [];
  const environment = environmentReason(status, intent);
  if (environment !== undefined) return [inconclusiveBecause(environment, { status })];
  if (status >= 500 || status < 200) return [];
  if (expected.pass === 'any' || expected.tolerated.includes(status)) return [];
  const code = codeFor(status, expected);
  if (code === undefined) return [];
  const site = intent.mutation?.fingerprintClass ?? '';
  // A standard may let a service reject a valid value, such as a leap second.
  const isOptional = site.startsWith('optional-');
  const details = { status, documented: expected.documented, ...(isOptional && { isOptional }) };
  return [violation(code, { site, details })];
}

function codeFor(status: number, { onSuccess, onRefusal, otherwise }: ExpectedAnswer): Code | undefined {
  if (isSuccess(status)) return onSuccess;
  return status === 401 || status === 403 ? (onRefusal ?? otherwise) : otherwise;
}

function passes({ pass }: ExpectedAnswer, status: number): boolean {
  if (pass === 'any') return false; // 401 and 429 may still be inconclusive
  if (pass === 'any but success') return status >= 300 && status < 500 && status !== 429;
  return pass.includes(status);
}

/** Expectations for which 401 and 403 are the subject of the request. */
const AUTHORIZATION_TESTS: readonly Expectation[] = [
  'authorized',
  'unauthorized',
  'forbidden',
  'not-yours',
  'either-or-refused',
];

/** Whether 401 and 403, or a redirect to a login page, are the subject of the request. */
export function testsAuthorization({ expectation }: RequestIntent): boolean {
  return AUTHORIZATION_TESTS.includes(expectation);
}

/** The reason if the status is caused by the environment of the run. Such a response is neither a pass nor a finding. */
function environmentReason(status: number, intent: RequestIntent): InconclusiveReason | undefined {
  if (status === 429) return 'environment.rate-limited';
  if (status === 408) return 'environment.gateway';
  if (testsAuthorization(intent)) return undefined;
  if (status === 401) return 'environment.unauthorized';
  if (status === 403) return 'environment.forbidden';
  if (status === 404 && !intent.isManagedClientKnown) return 'environment.unknown-client';
  return undefined;
}
